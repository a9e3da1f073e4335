"""Statements that look whether somebody who stands on the map is concerned: goals, exit_when, waits, timers.

``t`` is the engine's scratch table turn (one thing a contact), ``e`` the enrollment. With one_per a contact may stand in the
journey several times; then the statements take the enrollments of ``ranked_now`` only, one a contact, in their order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from safar.journeys.compiler.moments import after
from safar.journeys.compiler.tables import (
    CONTACT,
    ENTRY,
    EXITS,
    GOAL,
    LEAVING,
    MOVER,
    TAKEN,
    count_rows,
    ended_rows,
    mover_row,
)
from safar.journeys.compiler.text import array, hints, lit, sql, text
from safar.journeys.definition.model import Definition
from safar.journeys.kinds import Park
from safar.segments.reading import Reading

GOAL_REACHED, EXIT_WHEN, UNSUBSCRIBED, LEAVE_JOURNEY = (
    EXITS.index(why) for why in ("goal", "exit_when", "unsubscribed", "leave_journey")
)
TOPICS_LEFT = "topics_left"  # contacts/apply/topics_left.sql


@dataclass(frozen=True)
class Watched:
    """A statement and what calls for it. names: event names; tokens: of what its condition reads."""

    statement: str
    tokens: frozenset[str]


class Watching:
    """version: everything the statements must know of it. ranked: take people from ranked_now."""

    def __init__(
        self,
        definition: Definition,
        journey_id: int,
        version_id: int,
        reading: Reading,
        *,
        ranked: bool,
        tells: bool,
        currency: str,
        zone: str,
    ) -> None:
        self.definition, self.journey_id, self.version_id = definition, journey_id, version_id
        self.tells, self.currency, self.zone = tells, currency, zone
        self.key, self.token = lit(definition.key), lit("journey:" + definition.key)
        self.reading = replace(
            reading,
            at=sql("t.at"),
            entry=sql("n.properties"),
            entry_seq=sql("e.entry_seq"),
            since_seq=sql("e.since_seq"),
        )
        rank = (
            "JOIN ranked_now q ON q.contact_id = t.contact_id JOIN enrollment e ON e.bucket = t.bucket AND e.contact_id = t.contact_id"
            f" AND e.journey_id = {journey_id} AND e.one_per = q.one_per"
        )
        plain = (
            f"JOIN enrollment e ON e.bucket = t.bucket AND e.contact_id = t.contact_id AND e.journey_id = {journey_id}"
        )
        self.trips = f"FROM turn t {rank if ranked else plain}"
        self.people = f"{self.trips} {CONTACT} {ENTRY}"
        self.timer_people = f"FROM turn t {plain} AND e.id = t.b {CONTACT} {ENTRY}"

    # step 2

    def concern(self) -> Watched | None:
        """Goals, then exit_when: one row (left, told). Left people are noted in left_now."""
        settings = self.definition.settings
        goal, leave, tokens = "FALSE", "FALSE", frozenset[str]()
        money = "NULL::numeric"
        flip = "NULL::timestamptz"
        if settings.goal is not None:
            goal = f"{self._goal()} AND e.goal_at IS NULL AND t.at <= e.goal_until"
            tokens |= {f"event:{settings.goal.event}"}
            money = self._money()
        if settings.exit_when is not None:
            reading = replace(self.reading, from_entry=True)
            reads = settings.exit_when.reads()
            heard = f"e.state = 0 AND t.hops <= 8 AND t.counted AND t.tokens && {array(reads | {'*'})}"
            leave = f"{heard} AND {text(settings.exit_when.holds(reading))}"
            turn = settings.exit_when.flip(reading)
            if turn is not None:
                flip = f"(CASE WHEN {heard} THEN {text(turn)} END)::timestamptz"
            tokens |= reads | {"*"}
        if not tokens:
            return None
        at = "e.bucket = s.bucket AND e.contact_id = s.contact_id AND e.journey_id = s.journey_id AND e.one_per = s.one_per"
        statement = f"""
        WITH seen AS (
            SELECT t.contact_id, t.bucket, t.workspace_id, e.journey_id, e.one_per, e.id, t.at, t.hops, e.state, e.place, e.exit_flip_at,
                l.goal, CASE WHEN l.goal THEN {money} END AS money, NOT l.goal AND ({leave}) AS leave, {flip} AS flip
            {self.people}
            CROSS JOIN LATERAL (SELECT ({goal}) AS goal OFFSET 0) l
            WHERE t.kind < 2 AND e.version_id = {self.version_id} AND t.tokens && {array(tokens)}),
        s0 AS (SELECT * FROM seen WHERE goal OR leave OR flip < coalesce(exit_flip_at, 'infinity')),
        changed AS (
            UPDATE enrollment e SET goal_at = CASE WHEN s.goal THEN s.at ELSE e.goal_at END,
                goal_money = CASE WHEN s.goal THEN s.money ELSE e.goal_money END,
                state = CASE WHEN e.state = 0 AND (s.goal OR s.leave) THEN 2 ELSE e.state END,
                reason = CASE WHEN e.state = 0 AND s.goal THEN 'goal' WHEN e.state = 0 AND s.leave THEN 'exit_when' ELSE e.reason END,
                ended_at = CASE WHEN e.state = 0 AND (s.goal OR s.leave) THEN s.at ELSE e.ended_at END,
                exit_flip_at = CASE WHEN s.goal OR s.leave THEN e.exit_flip_at ELSE least(e.exit_flip_at, s.flip) END
            FROM s0 s WHERE {at}),
        gone AS (SELECT *, CASE WHEN goal THEN {GOAL_REACHED} ELSE {EXIT_WHEN} END AS why FROM s0 WHERE state = 0 AND (goal OR leave)),
        noted AS (INSERT INTO left_now (contact_id, journey_id) SELECT contact_id, journey_id FROM gone RETURNING 1),
        goals AS ({count_rows(self.version_id, GOAL, "0", "(SELECT * FROM s0 WHERE goal)", extra="sum(s.money)")}),
        exits AS ({count_rows(self.version_id, LEAVING, "s.why * 256 + coalesce(s.place, 255)", "gone")}),
        soon AS (INSERT INTO due (contact_id, at, grp, a, b, c, one_per) SELECT s.contact_id, s.flip, 1, s.journey_id, s.id, 0, s.one_per
            FROM s0 s WHERE NOT s.goal AND NOT s.leave AND s.flip < (SELECT horizon FROM tick) RETURNING 1),
        later AS ({hints("(SELECT * FROM s0 WHERE NOT goal AND NOT leave AND flip IS NOT NULL)", "s.flip")}),
        told AS ({self._told("'left'", "CASE WHEN s.goal THEN 'goal' ELSE 'exit_when' END", "gone")})
        SELECT (SELECT count(*) FROM noted), (SELECT count(*) FROM told), (SELECT count(*) FROM soon)"""
        return Watched(statement, tokens)

    def topics_left(self) -> Watched:
        """Trips of whoever has just left every topic, after their goal and exit_when: one row (left, told)."""
        which = f"t.hops <= 8 AND t.counted AND {lit(TOPICS_LEFT)} = ANY (t.tokens)"
        return Watched(self._called_off(which, UNSUBSCRIBED), frozenset({TOPICS_LEFT}))

    def taken(self) -> Watched:
        """Trips that a point of some journey has called off, after all else that ends them: one row (left, told)."""
        which = f"t.alive AND t.name = {lit(TAKEN)} AND t.type IN ('internal', 'emitted') AND t.properties ->> 'journey' = {self.key}"
        return Watched(self._called_off(which, LEAVE_JOURNEY), frozenset({f"event:{TAKEN}"}))

    def _called_off(self, which: str, why: int) -> str:
        at = "e.bucket = s.bucket AND e.contact_id = s.contact_id AND e.journey_id = s.journey_id AND e.one_per = s.one_per"
        reason = lit(EXITS[why])
        return f"""
        WITH gone AS (
            SELECT t.contact_id, t.bucket, t.workspace_id, e.journey_id, e.one_per, e.id, t.at, t.hops, e.place {self.trips}
            WHERE t.kind < 2 AND {which} AND e.version_id = {self.version_id} AND e.state = 0),
        changed AS (UPDATE enrollment e SET state = 2, reason = {reason}, ended_at = s.at FROM gone s WHERE {at}),
        noted AS (INSERT INTO left_now (contact_id, journey_id) SELECT contact_id, journey_id FROM gone RETURNING 1),
        exits AS ({count_rows(self.version_id, LEAVING, f"{why} * 256 + coalesce(s.place, 255)", "gone")}),
        told AS ({self._told("'left'", reason, "gone")})
        SELECT (SELECT count(*) FROM noted), (SELECT count(*) FROM told)"""

    def past_goal(self) -> Watched | None:
        """The goal of trips that a re-entry has put away, each within its own window: one row (reached)."""
        settings = self.definition.settings
        if settings.goal is None or settings.reentry == "never":
            return None
        statement = f"""
        WITH seen AS (SELECT e.bucket, e.contact_id, e.journey_id, e.one_per, e.entry_no, t.at, {self._money()} AS money
            FROM turn t JOIN enrollment_past e ON e.bucket = t.bucket AND e.contact_id = t.contact_id AND e.journey_id = {self.journey_id}
            {CONTACT} {ENTRY}
            WHERE t.kind < 2 AND e.version_id = {self.version_id} AND e.goal_at IS NULL AND t.at <= e.goal_until AND {self._goal()}),
        changed AS (UPDATE enrollment_past e SET goal_at = s.at, goal_money = s.money FROM seen s
            WHERE e.bucket = s.bucket AND e.contact_id = s.contact_id AND e.journey_id = s.journey_id AND e.one_per = s.one_per
            AND e.entry_no = s.entry_no),
        goals AS ({count_rows(self.version_id, GOAL, "0", "(SELECT DISTINCT ON (bucket, contact_id, one_per, entry_no) * FROM seen)", extra="sum(s.money)")})
        SELECT count(*) FROM seen"""
        return Watched(statement, frozenset({f"event:{settings.goal.event}"}))

    def _goal(self) -> str:
        goal = self.definition.settings.goal
        assert goal is not None
        where = f" AND {text(goal.where.holds(sql('t.properties'), self.reading))}" if goal.where is not None else ""
        return f"t.alive AND t.name = {lit(goal.event)}{where}"

    def _money(self) -> str:
        goal = self.definition.settings.goal
        if goal is None or goal.money is None:
            return "NULL::numeric"
        value = f"t.properties -> {lit(goal.money)}, t.properties -> 'currency', {lit(self.currency)}"
        return f"safar_worth({value}, t.workspace_id, t.ts, {lit(self.zone)})"

    # step 3

    def waits(self, stretch: dict[tuple[int, str], int], target: dict[int, int]) -> list[Watched]:
        """One statement for each point that awaits something; one row (movers)."""
        found = []
        for point in self.definition.points:
            if not isinstance(point.kind, Park):
                continue
            awaited = point.kind.awaits(point.params)
            number = stretch[point.index, point.kind.woken_path(point.params)]
            row = mover_row(str(number), str(target[number]))
            here = f"e.version_id = {self.version_id} AND e.place = {point.index} AND e.state = 0 AND e.held_at IS NULL AND t.alive"
            if awaited.events:
                heard = " OR ".join(
                    f"(t.name = {lit(name)}"
                    + (f" AND {text(where.holds(sql('t.properties'), self.reading))})" if where is not None else ")")
                    for name, where in awaited.events
                )
                statement = (
                    f"INSERT INTO mover ({MOVER}) SELECT {row} {self.people} WHERE t.kind < 2 AND {here} AND ({heard})"
                )
                found.append(
                    Watched(
                        f"WITH m AS ({statement} RETURNING 1) SELECT count(*), 0 FROM m",
                        frozenset(f"event:{n}" for n, _ in awaited.events),
                    )
                )
            elif awaited.condition is not None:
                tokens = awaited.condition.reads() | {"*"}
                turn = awaited.condition.flip(self.reading)
                at = "e.bucket = s.bucket AND e.contact_id = s.contact_id AND e.journey_id = s.journey_id AND e.one_per = s.one_per"
                statement = f"""
                WITH seen AS (
                    SELECT {_named(row)}, l.holds, e.flip_at, (CASE WHEN NOT l.holds THEN {text(turn)} END)::timestamptz AS flip {self.people}
                    CROSS JOIN LATERAL (SELECT {text(awaited.condition.holds(self.reading))} AS holds OFFSET 0) l
                    WHERE t.kind < 2 AND {here} AND t.tokens && {array(tokens)}),
                m AS (INSERT INTO mover ({MOVER}) SELECT {MOVER} FROM seen WHERE holds RETURNING 1),
                sooner AS (SELECT * FROM seen WHERE NOT holds AND flip < coalesce(flip_at, 'infinity')),
                armed AS (UPDATE enrollment e SET flip_at = s.flip FROM sooner s WHERE {at}),
                soon AS ({_soon("sooner")}), later AS ({hints("sooner", "s.flip")})
                SELECT (SELECT count(*) FROM m), (SELECT count(*) FROM soon)"""
                found.append(Watched(statement, tokens))
        return found

    # before a stretch

    def exit_before(self) -> str | None:
        """Takes out of mover whoever exit_when ends at the clock of the stretch: one row (left, told)."""
        condition = self.definition.settings.exit_when
        if condition is None:
            return None
        reading = replace(self.reading, at=sql("m.at"), entry_seq=sql("m.entry_seq"), from_entry=True)
        at = "e.bucket = s.bucket AND e.contact_id = s.contact_id AND e.journey_id = s.journey_id AND e.one_per = s.one_per"
        return f"""
        WITH seen AS (
            SELECT m.*, m.enrollment_id AS id, {text(condition.holds(reading))} AS holds, {text(condition.flip(reading))}::timestamptz AS flip
            FROM mover m {CONTACT.replace("t.", "m.")}
            LEFT JOIN enrollment_entry n ON n.bucket = m.bucket AND n.enrollment_id = m.enrollment_id AND n.entry_no = m.entry_no
            WHERE m.version_id = {self.version_id} AND NOT m.fresh),
        gone AS (SELECT * FROM seen WHERE holds),
        changed AS (UPDATE enrollment e SET state = 2, reason = 'exit_when', ended_at = s.at FROM gone s WHERE {at}),
        noted AS (INSERT INTO left_now (contact_id, journey_id) SELECT contact_id, journey_id FROM gone RETURNING 1),
        exits AS ({count_rows(self.version_id, LEAVING, f"{EXIT_WHEN} * 256 + coalesce(s.from_place, 255)", "gone")}),
        told AS ({self._told("'left'", "'exit_when'", "gone")}),
        stay AS (SELECT s.*, e.exit_flip_at FROM seen s JOIN enrollment e ON {at} WHERE NOT s.holds AND s.flip < coalesce(e.exit_flip_at, 'infinity')),
        armed AS (UPDATE enrollment e SET exit_flip_at = s.flip FROM stay s WHERE {at}),
        soon AS ({_soon("stay", 0)}), later AS ({hints("stay", "s.flip")}),
        dropped AS (DELETE FROM mover m USING gone s WHERE m.contact_id = s.contact_id RETURNING 1)
        SELECT (SELECT count(*) FROM dropped), (SELECT count(*) FROM told), (SELECT count(*) FROM soon)"""

    # timers

    def exit_timer(self) -> str | None:
        """The flip of exit_when: one row (left, told, soon)."""
        condition = self.definition.settings.exit_when
        if condition is None:
            return None
        reading = replace(self.reading, from_entry=True)
        turn = condition.flip(reading)
        if turn is None:
            return None
        at = "e.bucket = s.bucket AND e.contact_id = s.contact_id AND e.journey_id = s.journey_id AND e.one_per = s.one_per"
        return f"""
        WITH seen AS (
            SELECT t.contact_id, t.bucket, t.workspace_id, e.journey_id, e.one_per, e.id, e.place, t.at,
                CASE WHEN t.at > e.since + interval '1 minute' THEN 0 ELSE e.hops END AS hops,
                {text(condition.holds(reading))} AS holds, {text(turn)}::timestamptz AS flip
            {self.timer_people}
            WHERE t.grp = 1 AND t.c = 0 AND t.a = {self.journey_id} AND e.version_id = {self.version_id} AND e.state = 0 AND e.exit_flip_at = t.at),
        gone AS (SELECT * FROM seen WHERE holds),
        changed AS (UPDATE enrollment e SET state = CASE WHEN s.holds THEN 2 ELSE e.state END,
                reason = CASE WHEN s.holds THEN 'exit_when' ELSE e.reason END, ended_at = CASE WHEN s.holds THEN s.at ELSE e.ended_at END,
                exit_flip_at = CASE WHEN s.holds THEN e.exit_flip_at ELSE s.flip END
            FROM seen s WHERE {at}),
        stay AS (SELECT * FROM seen WHERE NOT holds AND flip IS NOT NULL),
        exits AS ({count_rows(self.version_id, LEAVING, f"{EXIT_WHEN} * 256 + coalesce(s.place, 255)", "gone")}),
        told AS ({self._told("'left'", "'exit_when'", "gone")}),
        soon AS ({_soon("stay", 0)}), later AS ({hints("stay", "s.flip")})
        SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM told), (SELECT count(*) FROM soon)"""

    def point_timer(self, stretch: dict[tuple[int, str], int], target: dict[int, int], sends: dict[int, int]) -> str:
        """The end of a delay or of quiet hours, a wait's deadline or flip, or what a pause has held: one row (movers, soon)."""
        ways, flips, numbers = ["WHEN e.held_at = t.at THEN 1"], [], []
        for point in self.definition.points:
            if not isinstance(point.kind, Park):
                continue
            condition = point.kind.awaits(point.params).condition
            if condition is not None:
                ways.append(
                    f"WHEN e.place = {point.index} AND (e.flip_at <= t.at OR e.wake_at <= t.at) AND {text(condition.holds(self.reading))} THEN 1"
                )
                turn = condition.flip(self.reading)
                if turn is not None:
                    flips.append(f"WHEN {point.index} THEN {text(turn)}")
            for way, path in ((1, point.kind.woken_path(point.params)), (2, point.kind.due_path(point.params))):
                numbers.append((point.index, way, stretch[point.index, path]))
        numbers += [(place, way, number) for place, number in sends.items() for way in (1, 2)]
        if not numbers:
            return ""
        number = "CASE " + " ".join(f"WHEN e.place = {i} AND w.way = {way} THEN {n}" for i, way, n in numbers) + " END"
        aim = (
            "CASE "
            + " ".join(f"WHEN e.place = {i} AND w.way = {way} THEN {target[n]}" for i, way, n in numbers)
            + " END"
        )
        flip = f"CASE e.place {' '.join(flips)} END" if flips else "NULL"
        hops = "CASE WHEN t.at > e.since + interval '1 minute' THEN 0 ELSE e.hops END"
        at = "e.bucket = s.bucket AND e.contact_id = s.contact_id AND e.journey_id = s.journey_id AND e.one_per = s.one_per"
        return f"""
        WITH seen AS (
            SELECT {_named(mover_row(number, aim, hops=hops))}, w.way, e.wake_at, (CASE WHEN w.way = 0 THEN {flip} END)::timestamptz AS flip
            {self.timer_people}
            CROSS JOIN LATERAL (SELECT CASE {" ".join(ways)} WHEN e.wake_at <= t.at THEN 2 ELSE 0 END AS way OFFSET 0) w
            WHERE t.grp = 1 AND t.c = 1 AND t.a = {self.journey_id} AND e.version_id = {self.version_id} AND e.state = 0
                AND (e.held_at = t.at OR (e.held_at IS NULL AND (e.wake_at = t.at OR e.flip_at = t.at)))),
        m AS (INSERT INTO mover ({MOVER}) SELECT {MOVER} FROM seen WHERE way > 0 RETURNING 1),
        stay AS (SELECT s.*, least(s.flip, s.wake_at) AS next FROM seen s WHERE way = 0),
        armed AS (UPDATE enrollment e SET flip_at = s.flip FROM stay s WHERE {at}),
        soon AS ({_soon("stay", 1, "next")}), later AS ({hints("(SELECT * FROM stay WHERE next IS NOT NULL)", "s.next")})
        SELECT (SELECT count(*) FROM m), (SELECT count(*) FROM soon)"""

    def _told(self, status: str, reason: str, source: str) -> str:
        if not self.tells:
            return "SELECT 1 WHERE FALSE"
        return ended_rows(self.key, self.token, status, reason, source)


def _named(row: str) -> str:
    """The mover's row with its column names, for a CTE."""
    names = MOVER.replace(" ", "").split(",")
    values = _split(row)
    return ", ".join(f"{value} AS {name}" for value, name in zip(values, names, strict=True))


def _split(row: str) -> list[str]:
    """Top-level commas only."""
    parts, depth, start = [], 0, 0
    for i, char in enumerate(row):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append(row[start:i].strip())
            start = i + 1
    return [*parts, row[start:].strip()]


def _soon(source: str, c: int = 1, moment: str = "flip") -> str:
    return f"""INSERT INTO due (contact_id, at, grp, a, b, c, one_per)
        SELECT s.contact_id, s.{moment}, 1, s.journey_id, s.{"id" if source == "stay" and c == 0 else "enrollment_id"}, {c}, s.one_per
        FROM {source} s WHERE s.{moment} < (SELECT horizon FROM tick) RETURNING 1"""


def goal_until(definition: Definition, at: str, reading: Reading) -> str:
    """Up to when the goal of a trip that begins at ``at`` counts; NULL without a goal."""
    goal = definition.settings.goal
    if goal is None:
        return "NULL::timestamptz"
    return "'infinity'::timestamptz" if goal.within is None else after(at, goal.within, reading)
