"""Stands for a time, or until a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.sql import SQL, Composable, Literal

from safar.journeys.definition.moments import ISO_WEEKDAY, ClockTime, FixedMoment, TraitDate, Until
from safar.journeys.expressions import add, fixed_moment
from safar.journeys.kinds import Parameter, Params, Park
from safar.journeys.words import before_or_after, choose, digits, say_duration, say_weekdays
from safar.lib.faults import Faults, said
from safar.segments.literals import text
from safar.segments.reading import Reading


class Delay(Park):
    key = "delay"
    icon = "clock-pause"
    label = {"en": "Delay", "fa": "تأخیر"}
    help = {
        "en": "Goes on after a time, or at a moment in the contact's zone. A moment that has passed means: at once.",
        "fa": "پس از مدتی، یا در لحظه‌ای به وقت محلی مخاطب ادامه می‌دهد. لحظه‌ای که گذشته باشد یعنی همین حالا.",
    }
    parameters = (
        Parameter(
            "for",
            "duration",
            {"en": "For", "fa": "به مدت"},
            {"en": "How long, such as P3D or PT2H.", "fa": "چه مدت، مانند P3D یا PT2H."},
            required=False,
        ),
        Parameter(
            "until",
            "until",
            {"en": "Until", "fa": "تا"},
            {
                "en": "{time, weekdays}, {weekdays}, {trait, offset}, or a local moment such as 2027-03-21T08:00.",
                "fa": "{time, weekdays}، {weekdays}، {trait, offset} یا تاریخ و ساعت محلی مانند 2027-03-21T08:00.",
            },
            required=False,
        ),
    )
    example = {"for": "P3D"}

    def check(self, p: Params, faults: Faults) -> None:
        if ("for" in p) == ("until" in p):
            faults.add(said("a delay has exactly one of 'for' and 'until'"))

    def stands(self, p: Params) -> bool:
        """A length of time is never over on arrival; a moment may have passed."""
        return "for" in p and bool(p["for"].positive)

    def wake_at(self, p: Params, r: Reading) -> Composable:
        return add(r.at, p["for"], r) if "for" in p else _moment(p["until"], r)

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        if p.get("for") is not None:
            said = say_duration(p["for"], language)
            return choose(language, f"waits {said}", f"{said} صبر می‌کند")
        said = _say_until(p["until"], language)
        return choose(language, f"waits until {said}", f"تا {said} صبر می‌کند")


def _moment(until: Until, r: Reading) -> Composable:
    """The moment as timestamptz; NULL where a trait has none."""
    if isinstance(until, TraitDate):
        moment = SQL("safar_time({} -> {}, {})").format(r.traits, text(until.trait), r.zone)
        return moment if until.offset is None else add(moment, until.offset, r)
    if isinstance(until, FixedMoment):
        return fixed_moment(until, r)
    today = SQL("({} AT TIME ZONE {})::date").format(r.at, r.zone)
    if isinstance(until, ClockTime):
        # One of eight days from today on: today may be over at this time, and the same weekday comes again in seven.
        return _first_day(SQL("{}::time").format(Literal(until.time)), until.weekdays, today, r, at_once=False)
    return _first_day(SQL("time '00:00'"), until.weekdays, today, r, at_once=True)


def _first_day(
    clock: Composable, weekdays: Sequence[str], today: Composable, r: Reading, *, at_once: bool
) -> Composable:
    """The earliest moment from r.at on with this local time on one of the weekdays; at_once: today counts as now."""
    on_day: Composable = SQL("true")
    if weekdays:
        numbers = sorted(ISO_WEEKDAY[name] for name in weekdays)
        on_day = SQL("extract(isodow FROM days.day) IN ({})").format(SQL(", ").join(map(Literal, numbers)))
    moment = SQL("((days.day + {}) AT TIME ZONE {})").format(clock, r.zone)
    if at_once:
        moment = SQL("greatest({}, {})").format(moment, r.at)
    return SQL(
        "(SELECT min({moment}) FROM (SELECT {today} + n AS day FROM generate_series(0, 7) AS n) AS days"
        " WHERE {on_day} AND {moment} >= {at})"
    ).format(moment=moment, today=today, on_day=on_day, at=r.at)


def _say_until(written: Any, language: str) -> str:
    if isinstance(written, str):
        return digits(written.replace("T", " "), language)
    if "trait" in written:
        return before_or_after(written.get("offset"), language, written["trait"])
    days = say_weekdays(written.get("weekdays") or (), language)
    if "time" not in written:
        return days
    clock = digits(written["time"], language)
    if not days:
        return choose(language, clock, f"ساعت {clock}")
    return choose(language, f"{days} {clock}", f"{days} ساعت {clock}")
