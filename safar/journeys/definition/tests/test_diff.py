"""What changed, and what is only written differently."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from safar.journeys.definition.diff import Change, diff_definitions
from safar.journeys.definition.parse import parse_definition
from safar.journeys.tests.cases import welcome

Data = dict[str, Any]


def changes(change: Callable[[Data], Any]) -> list[Change]:
    data = copy.deepcopy(dict(welcome().source))
    change(data)
    return diff_definitions(welcome(), parse_definition(data))


def _spelling(data: Data) -> None:
    points = data["points"]
    points["greet"]["class"] = "marketing"  # the default, written out
    points["greet"]["paths"] = {"next": points["greet"].pop("next")}
    points["bought"]["paths"] = {"timed_out": "big_cart", "happened": "thanks"}
    points["mark"]["next"] = None
    points["mark"] = dict(reversed(points["mark"].items()))
    del data["settings"]["one_per"], data["settings"]["reentry"]
    data["settings"]["control_group"] = 10.0


def test_spelling_is_no_change() -> None:
    assert changes(_spelling) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["settings"].pop("control_group"), ["settings.control_group: 10 → 0"]),
        (lambda d: d["settings"].update(reentry="P30D"), ["settings.reentry: never → P30D"]),
        (lambda d: d.update(title="New"), ["title: {en: Welcome new contacts, fa: خوش‌آمدگویی} → New"]),
        (lambda d: d["points"]["offer"].update(template="gift"), ["points.offer.template: ten-per-cent → gift"]),
        (lambda d: d["points"]["offer"].update(not_after="P1D"), ["points.offer.not_after: null → P1D"]),
        (lambda d: d["points"]["big_cart"]["paths"].update(no=None), ["points.big_cart.paths.no: offer → null"]),
        (lambda d: d["start"]["tagged"].pop("filter"), ["start.tagged.filter: {not: {tag: vip}} → null"]),
        (lambda d: d["start"]["tagged"].update(next="bought"), ["start.tagged.paths.next: greet → bought"]),
        (lambda d: d["start"].pop("tagged"), ["start.tagged: removed: {kind: tag_added, tag: new-customer}"]),
        (
            lambda d: d["points"].update(offer={"kind": "exit", "reason": "x"}),
            [
                "points.offer.kind: send_sms → exit",
                "points.offer.class: marketing → null",
                "points.offer.template: ten-per-cent → null",
                "points.offer.reason: null → x",
            ],
        ),
        (
            lambda d: (d["points"].update(last={"kind": "exit"}), d["points"]["offer"].update(next="last")),
            ["points.offer.paths.next: null → last", "points.last: added: {kind: exit}"],
        ),
        (
            lambda d: d.update(start=dict(reversed(d["start"].items()))),
            ["start: order changed: [tagged, signed_up]"],
        ),
        (
            lambda d: d["points"]["big_cart"].update(condition={"tag": "5"}),
            [
                "points.big_cart.condition: {all: [{fact: cart_value, at_least: 500000}, {trait: city, is: Tehran}]}"
                ' → {tag: "5"}'
            ],
        ),
    ],
)
def test_each_change_is_told(change: Callable[[Data], Any], said: list[str]) -> None:
    assert [each.say("en") for each in changes(change)] == said


def test_in_persian() -> None:
    (change,) = changes(lambda d: d["start"].pop("tagged"))
    assert change.say("fa") == "start.tagged: برداشته شد: {kind: tag_added, tag: new-customer}"


def test_the_order_inside_a_value_counts() -> None:
    """A split's shares are walked in order: another order sends people elsewhere."""
    data = {
        "journey": "x",
        "start": {"s": {"kind": "ordered", "next": "p"}},
        "points": {"p": {"kind": "split", "shares": {"a": 1, "b": 1}}},
    }
    other = copy.deepcopy(data)
    other["points"]["p"]["shares"] = {"b": 1, "a": 1}  # type: ignore[index]
    (change,) = diff_definitions(parse_definition(data), parse_definition(other))
    assert change.place == "points.p.shares"
