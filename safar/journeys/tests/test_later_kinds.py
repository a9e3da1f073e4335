"""What the kinds that came later refuse, and the notes that stay with a contact."""

from __future__ import annotations

from typing import Any

import pytest

from safar.journeys.definition.draw import draw_map
from safar.journeys.definition.parse import parse_definition
from safar.journeys.kinds import Note
from safar.journeys.tests.cases import faults_of, point

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"kind": "yearly_date"}, "start.it: a yearly date has exactly one of 'day' and 'trait'"),
    (
        {"kind": "yearly_date", "day": "01-01", "trait": "x"},
        "start.it: a yearly date has exactly one of 'day' and 'trait'",
    ),
    ({"kind": "yearly_date", "day": "1-1"}, "start.it.day: must be a month and a day such as 09-30, not '1-1'"),
    ({"kind": "yearly_date", "day": "13-01"}, "start.it.day: there is no such day as 13-01 in any year"),
    (
        {"kind": "yearly_date", "day": "12-31", "calendar": "jalali"},
        "start.it.day: there is no such day as 12-31 in any year",
    ),
    (
        {"kind": "yearly_date", "day": "02-30", "calendar": "gregorian"},
        "start.it.day: there is no such day as 02-30 in any year",
    ),
    (
        {"kind": "birthday", "offset": "-P1Y"},
        "start.it.offset: must be less than a year: it would come to another year's day",
    ),
    (
        {"kind": "birthday", "calendar": "lunar"},
        "start.it.calendar: must be one of gregorian, jalali, not the text 'lunar'",
    ),
    (
        {"kind": "segment_once", "segment": "big-spenders", "at": "soon"},
        "start.it.at: must be a date and time such as 2027-03-21T08:00, not the text 'soon'",
    ),
    (
        {"kind": "segment_once", "segment": "spenders", "at": "2027-03-21"},
        "start.it.segment: there is no segment 'spenders'; did you mean 'big-spenders'?",
    ),
]


@pytest.mark.parametrize(("start", "fault"), WRONG)
def test_a_starting_point_that_cannot_be(start: dict[str, Any], fault: str) -> None:
    assert faults_of({"journey": "j", "start": {"it": start}}) == [fault]


@pytest.mark.parametrize("day", ["12-30", "06-31", "12-31", "02-29", "02-30"])
def test_a_day_that_one_of_the_calendars_has_needs_no_calendar(day: str) -> None:
    assert faults_of({"journey": "j", "start": {"it": {"kind": "yearly_date", "day": day}}}) == []


def map_with(**go_to: Any) -> dict[str, Any]:
    return {
        "journey": "j",
        "start": {"s": {"kind": "ordered", "next": "rest"}},
        "points": {
            "rest": {"kind": "delay", "for": "P1D", "next": "back"},
            "back": {"kind": "go_to", "times": 3, **go_to},
            "end": {"kind": "add_tag", "tag": "x"},
        },
    }


def test_only_a_jump_may_close_a_circle() -> None:
    assert faults_of(map_with(paths={"jump": "rest", "next": "end"})) == []
    assert faults_of(map_with(paths={"jump": "end", "next": "rest"})) == [
        "points.end: no starting point leads here",
        "points.back.paths.next: goes in a circle: rest → back → rest",
    ]
    assert faults_of(map_with(times=0, paths={"jump": "rest", "next": "end"})) == [
        "points.back.times: must be a whole number from 1 to 100, not 0"
    ]
    assert faults_of(map_with(times=2.5, paths={"jump": "rest", "next": "end"})) != []


def test_a_jump_is_drawn_as_a_way_back() -> None:
    drawn = "\n".join(draw_map(parse_definition(map_with(paths={"jump": "rest", "next": "end"}))))
    assert "├─ jump → rest" in drawn
    assert "└─ next" in drawn


def test_a_note_names_values_and_nothing_else() -> None:
    note = point("add_note", text="a {{ entry.total }}, {{contact.address.city}}")
    assert note.kind.effect(note.params) == Note(["a ", ("entry", "total"), ", ", ("contact", "address", "city")])
    for text in ("{{ entry.total | toman }}", "{% if x %}", "{{ facts.spent }}", "{{ entry }}"):
        (fault,) = faults_of(
            {
                "journey": "j",
                "start": {"s": {"kind": "ordered", "next": "n"}},
                "points": {"n": {"kind": "add_note", "text": text}},
            }
        )
        assert fault.startswith("points.n.text: a note may hold")
