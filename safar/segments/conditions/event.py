"""Events in the contact's history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from psycopg.sql import SQL, Composable, Literal

from safar.lib.durations import Duration
from safar.lib.faults import Faults, did_you_mean, said
from safar.segments.catalog import Catalog
from safar.segments.kinds import (
    ConditionKind,
    Schema,
    Words,
    object_schema,
    read_choice,
    read_name,
    refuse_others,
    shown,
)
from safar.segments.literals import text
from safar.segments.lookups import count_up_to, exists, rows
from safar.segments.moments import exact, plus
from safar.segments.operators import Where, conjunction, parse_where, where_schema
from safar.segments.reading import Condition, Reading
from safar.segments.timing import DURATION_SCHEMA, read_duration

MOST_TIMES = 1_000_000
SIGNS = {
    "at_least": SQL(">="),
    "at_most": SQL("<="),
    "more_than": SQL(">"),
    "less_than": SQL("<"),
    "is": SQL("="),
    "is_not": SQL("<>"),
}


@dataclass(frozen=True)
class EventCondition(Condition):
    """How often an event is there. times: (operator, number), all must hold; none: at least once."""

    event: str
    times: tuple[tuple[str, int], ...] = ()
    within: Duration | None = None
    where: Where | None = None
    since: str | None = None

    def holds(self, r: Reading) -> Composable:
        found = self._found(r, conjunction([self._during(r)]) if self.within else None)
        if not self.times or self.times == (("at_least", 1),):
            return exists(found)
        most = Literal(max(number for _, number in self.times) + 1)
        counted = count_up_to(found, most)
        return conjunction(
            [SQL("({} {} {})").format(counted, SIGNS[sign], Literal(number)) for sign, number in self.times]
        )

    def flip(self, r: Reading) -> Composable | None:
        if self.within is None:
            return None
        ends = plus(SQL("v.timestamp"), self.within, r.zone, r.calendar)
        found = self._found(r, self._roughly_during(r))
        return SQL("(SELECT min(w.ends) FROM (SELECT {} AS ends {}) w WHERE w.ends > {})").format(ends, found, r.at)

    def reads(self) -> frozenset[str]:
        return frozenset({f"event:{self.event}"})

    def uses(self) -> frozenset[str]:
        used = self.where.uses() if self.where else frozenset[str]()
        return used | {"entry": {"entry_seq"}, "arrival": {"since_seq"}, None: frozenset[str]()}[self.since]

    def _found(self, r: Reading, during: Composable | None) -> Composable:
        """FROM … WHERE … of the events that count. Name and time first: that is the index."""
        tests: list[Composable] = [SQL("v.name = {}").format(text(self.event))]
        if during is not None:
            tests.append(during)
        after = self._after(r)
        if after is not None:
            tests.append(SQL("v.seq > {}").format(after))
        if self.where is not None:
            tests.append(self.where.holds(SQL("v.properties"), r))
        return rows("event", SQL(" AND ").join(tests), r)

    def _after(self, r: Reading) -> Composable | None:
        """The sequence number after which events count."""
        since = self.since
        if since is None and r.from_entry and self.within is None and not self.times:
            since = "entry"
        if since is None:
            return None
        sequence = r.entry_seq if since == "entry" else r.since_seq
        if sequence is None:
            raise ValueError(f"an event condition since the {since} is read where there is none")
        return sequence

    def _during(self, r: Reading) -> Composable:
        """timestamp + D > now."""
        if self.within is None or not self.within.calendar_part:
            return self._roughly_during(r)
        ends = plus(SQL("v.timestamp"), self.within, r.zone, r.calendar)
        return SQL("{} AND {} > {}").format(self._roughly_during(r), ends, r.at)

    def _roughly_during(self, r: Reading) -> Composable:
        """A plain bound on the timestamp, so that the index is used and older partitions are not touched; for exact durations the window itself."""
        if self.within is None:
            raise ValueError("no window")
        return SQL("v.timestamp > {} - {}").format(r.at, exact(self.within.at_most))


class Event(ConditionKind):
    key = "event"
    label: ClassVar[Words] = {"en": "Event", "fa": "رویداد"}
    help: ClassVar[Words] = {
        "en": "Whether, and how often, something happened: in all history, within a time, or since the entry or the arrival at the point.",
        "fa": "اینکه چیزی رخ داده و چند بار: در همهٔ گذشته، در یک بازهٔ زمانی، یا از هنگام ورود به سفر یا رسیدن به نقطه.",
    }
    examples = (
        {"event": "Order Completed"},
        {"event": "Product Viewed", "times": {"at_least": 3}, "within": "P30D", "where": {"category": {"is": "shoes"}}},
        {"event": "Order Completed", "times": {"is": 0}, "within": "P6M"},
    )

    def parse(self, data: Mapping[str, Any], faults: Faults, catalog: Catalog) -> Condition | None:
        before = len(faults.found)
        refuse_others(data, [self.key, "times", "within", "where", "since"], faults)
        event = read_name(data, self.key, faults)
        times = _read_times(data["times"], faults.at("times")) if "times" in data else ()
        within = _read_window(data["within"], faults.at("within")) if "within" in data else None
        where = parse_where(data["where"], faults.at("where"), catalog) if "where" in data else None
        since = _read_since(data, faults, catalog) if "since" in data else None
        if len(faults.found) > before or event is None or times is None:
            return None
        return EventCondition(event, times, within, where, since)

    def schema(self) -> Schema:
        count = {"type": "integer", "minimum": 0, "maximum": MOST_TIMES}
        times = {
            "type": "object",
            "properties": dict.fromkeys(SIGNS, count),
            "additionalProperties": False,
            "minProperties": 1,
        }
        return object_schema(
            self.key,
            {
                self.key: {"type": "string", "minLength": 1},
                "times": times,
                "within": dict(DURATION_SCHEMA),
                "where": where_schema(),
                "since": {"enum": ["entry", "arrival"]},
            },
        )


def _read_times(data: object, faults: Faults) -> tuple[tuple[str, int], ...] | None:
    if not isinstance(data, Mapping) or not data:
        faults.add(said("'times' is a mapping such as {at_least: 3}, not %(found)s", found=shown(data)))
        return None
    for sign, number in data.items():
        if sign not in SIGNS:
            hint = did_you_mean(str(sign), SIGNS) or said("; one of %(known)s", known=", ".join(SIGNS))
            faults.at(str(sign)).add(
                said("there is no operator '%(sign)s' for a number of times%(hint)s", sign=sign, hint=hint)
            )
        elif isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST_TIMES:
            faults.at(sign).add(
                said(
                    "a whole number from 0 to %(most_times)s is needed here, not %(found)s",
                    most_times=f"{MOST_TIMES:,}",
                    found=shown(number),
                )
            )
    return tuple((sign, number) for sign, number in data.items())


def _read_window(value: object, faults: Faults) -> Duration | None:
    window = read_duration(value, faults)
    if window is not None and not window.positive:
        faults.add(said("a window is longer than nothing, such as P30D, not %(found)s", found=shown(value)))
        return None
    return window


def _read_since(data: Mapping[str, Any], faults: Faults, catalog: Catalog) -> str | None:
    since = read_choice(data, "since", ["entry", "arrival"], said("moment"), faults)
    if since is not None and since not in catalog.since:
        where = said("inside a journey") if since == "entry" else said("at a point of a journey")
        faults.at("since").add(said("`since: %(since)s` can stand %(where)s only", since=since, where=where))
    return since
