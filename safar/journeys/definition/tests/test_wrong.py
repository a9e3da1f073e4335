"""Wrong definitions are refused with every fault: the place, the words, the mend."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from safar.journeys.definition.parse import parse_definition
from safar.journeys.definition.tests.wrong import GONE, HEAD, POINTS, SETTINGS, STARTS
from safar.journeys.definition.yaml12 import load_yaml
from safar.journeys.tests.cases import CATALOG, example_text, faults_of
from safar.lib.faults import Refused
from safar.segments.catalog import Catalog


def changed(place: str, value: Any) -> dict[str, Any]:
    """The printed example with one place changed, or taken away."""
    data = copy.deepcopy(load_yaml(example_text()).data)
    *road, last = place.split("/")
    at = data
    for name in road:
        at = at[name]
    if value is GONE:
        del at[last]
    else:
        at[last] = value
    return data


@pytest.mark.parametrize(("place", "value", "fault"), [*HEAD, *SETTINGS, *STARTS, *POINTS])
def test_one_wrong_thing_is_one_fault(place: str, value: Any, fault: str) -> None:
    found = faults_of(changed(place, value))
    assert found == [fault]


def test_the_example_itself_is_right() -> None:
    assert faults_of(example_text()) == []


def test_all_faults_are_told_at_once_with_their_lines() -> None:
    text = (
        example_text()
        .replace("next: offer", "next: ofer")
        .replace("P7D", "P7")
        .replace("kind: if_else", "kind: ifelse")
    )
    with pytest.raises(Refused) as refused:
        parse_definition(text)
    lines = {fault.place: fault.line for fault in refused.value.faults}
    assert lines == {"points.bought.at_most": 15, "points.big_cart.kind": 18, "points.call.paths.next": 19}
    assert "there is no point 'ofer'; did you mean 'offer'?" in str(refused.value)


def test_a_slip_of_the_pen_does_not_make_its_target_unreachable() -> None:
    assert faults_of(changed("points/bought/paths", {"happened": "thnaks", "timed_out": "big_cart"})) == [
        "points.bought.paths.happened: there is no point 'thnaks'; did you mean 'thanks'?"
    ]


def test_a_wrong_point_does_not_make_the_rest_unreachable() -> None:
    assert faults_of(changed("points/bought/at_most", 7)) == [
        "points.bought.at_most: must be a duration such as P3D or PT2H, not the number 7"
    ]


def test_the_limits() -> None:
    starts = {f"s{n}": {"kind": "ordered"} for n in range(4)}
    assert faults_of({"journey": "x", "start": starts}) == ["start: a journey has 1 to 3 starting points, not 4"]
    chain = {f"p{n}": {"kind": "add_tag", "tag": "x", "next": f"p{n + 1}"} for n in range(199)}
    chain["p199"] = {"kind": "exit"}
    data = {"journey": "x", "start": {"s": {"kind": "ordered", "next": "p0"}}, "points": chain}
    assert faults_of(data) == []
    chain["p199"] = {"kind": "add_tag", "tag": "x", "next": "p200"}
    chain["p200"] = {"kind": "exit"}
    assert "points: a journey has at most 200 points, not 201" in faults_of(data)


def test_no_more_is_told_than_anybody_reads() -> None:
    found = faults_of({"journey": "x", "start": {"s": {"kind": "ordered"}}, **{f"jorney{n}": 1 for n in range(1000)}})
    assert len(found) == 201
    assert found[0] == "jorney0: there is no key 'jorney0' here; did you mean 'journey'?"
    assert found[150] == "jorney150: there is no key 'jorney150' here"  # guesses cost more than they help by then
    assert found[-1] == "more than 200 faults; the rest is not told"


def test_more_values_than_any_map_has() -> None:
    assert faults_of({"journey": "x", "start": list(range(60_000))}) == ["more than 50,000 values"]
    assert faults_of("[" + "a," * 120_000 + "]") == ["more than 50,000 values"]


def test_a_long_circle_is_not_told_whole() -> None:
    points = {f"p{n}": {"kind": "add_tag", "tag": "x", "next": f"p{(n + 1) % 30}"} for n in range(30)}
    (fault,) = faults_of({"journey": "x", "start": {"s": {"kind": "ordered", "next": "p0"}}, "points": points})
    assert fault == "points.p29.paths.next: goes in a circle: " + " → ".join([f"p{n}" for n in range(12)]) + " → … → p0"


def test_templates_are_looked_up_where_they_are_known() -> None:
    known = Catalog(templates=("welcome-1", "thanks", "ten-per-cents"))
    assert faults_of(example_text(), known) == [
        "points.offer.template: there is no template 'ten-per-cent'; did you mean 'ten-per-cents'?"
    ]


@pytest.mark.parametrize(
    "data", [None, 5, "", "x", [], "- x", b"\xff", "5", {5: 6}, {"journey": object()}, {"a": float("nan")}]
)
def test_what_is_no_definition_at_all_is_refused(data: Any) -> None:
    assert faults_of(data, CATALOG)
