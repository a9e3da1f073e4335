"""The map in the terminal."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from safar.journeys.definition.draw import cut, draw_lines, draw_map, width_of
from safar.journeys.definition.layout import lay_out
from safar.journeys.definition.model import Definition
from safar.journeys.definition.parse import parse_definition
from safar.journeys.tests.cases import welcome


def drawn(definition: Definition, **how: Any) -> str:
    return "\n".join(draw_map(definition, **how)) + "\n"


def test_the_example_with_its_figures() -> None:
    figures = {"signed_up": {"entered": 1200}, "greet": {"standing": 2}, "offer": {"sent": 3, "seen": 1}}
    flows = {
        ("signed_up", "next"): 1200,
        ("bought", "happened"): 50,
        ("bought", "timed_out"): 1150,
        ("big_cart", "no"): 7,
    }
    assert drawn(welcome(), figures=figures, flows=flows) == dedent(
        """\
        ● signed_up · signed up for e-mail  entered 1,200
        → greet  1,200
        ● tagged · got the tag “new-customer”, if not (has the tag “vip”)
        → greet

        greet · Send an e-mail · sends “welcome-1”  standing 2
        │
        bought · Wait · waits for Order Completed, at most 7 days
        ├─ happened  50
        │  thanks · Send an e-mail · sends “thanks”
        │  │
        │  mark · Add a tag · adds the tag “vip”
        │  ╵
        └─ timed_out  1,150
           big_cart · If / Else · if cart value is at least 500,000 and city is “Tehran”
           ├─ yes
           │  call · Notify the team · tells the team “...”
           │  → offer
           └─ no → offer  7

           offer · Send an SMS · sends “ten-per-cent”  sent 3  seen 1
           ╵
        """
    )


def test_one_start_leads_straight_on_and_an_end_has_no_path() -> None:
    data = {
        "journey": "x",
        "start": {"s": {"kind": "ordered", "next": "fork"}, "t": {"kind": "ordered"}},
        "points": {
            "fork": {"kind": "split", "shares": {"a": 1, "b": 1, "c": 2}, "paths": {"a": "out", "b": "out"}},
            "out": {"kind": "exit"},
        },
    }
    assert drawn(parse_definition(data)) == dedent(
        """\
        ● s · completed an order
        │
        fork · Split · split: a 25.0%, b 25.0% and c 50.0%
        ├─ a → out
        ├─ b → out
        └─ c ╵

        out · Exit · leaves the journey
        ● t · completed an order
        ╵
        """
    )


def test_persian_does_not_turn_the_drawing_around() -> None:
    lines = draw_map(welcome(), "fa", flows={("bought", "happened"): 50})
    assert "\u200e● signed_up · \u2068عضو ایمیل شد\u2069" in lines
    assert "\u200e├─ happened  \u2068۵۰\u2069" in lines
    assert all(line.startswith("\u200e") == ("\u2068" in line) for line in lines)
    assert all(line.count("\u2068") == line.count("\u2069") for line in lines)


def test_styles_are_words_beside_the_text() -> None:
    line = next(line for line in draw_lines(welcome(), flows={("bought", "happened"): 5}) if "happened" in str(line))
    assert line.parts == (("├─ ", "line"), ("happened", "path"), ("  ", ""), ("5", "number"))


def test_long_summaries_are_cut_and_figures_are_not() -> None:
    text = drawn(welcome(), width=60, figures={"big_cart": {"entered": 123456}})
    (line,) = [line for line in text.splitlines() if "big_cart ·" in line]
    assert line.endswith("…  entered 123,456")
    assert width_of(line.removesuffix("  entered 123,456")) <= 60


def test_columns() -> None:
    assert width_of("می‌خرم") == 5  # the joiner takes no column
    assert width_of("日本") == 4
    assert cut("می‌خرم و می‌روم", 6) == "می‌خرم…"
    assert cut("short", 5) == "short"


def test_where_paths_meet() -> None:
    layout = lay_out(welcome())
    assert layout.below == {"": ["greet"], "big_cart": ["offer"]}
    assert layout.under[("bought", "happened")] == "thanks"
    assert ("big_cart", "no") not in layout.under
