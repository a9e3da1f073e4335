"""One SQL statement a stretch: moves everybody in ``mover`` who takes it, whatever their number.

decide (SELECT over mover) → UPDATE enrollment … RETURNING → from what was returned and nothing else: outbox, tags, traits,
internal events, timers, counts. The statement has no parameters, so that it is planned once a connection.
"""

from __future__ import annotations

from dataclasses import replace

from safar.journeys.compiler.effects import EffectText, effect_text
from safar.journeys.compiler.quiet import goes_at
from safar.journeys.compiler.tables import CAUSED
from safar.journeys.compiler.text import MASK, hints, lit, reach_text, sql, text
from safar.journeys.compiler.walk import GOES_DUE, GOES_ON, GOES_WOKEN, JUMPS, STANDS, Walk
from safar.journeys.definition.model import Definition
from safar.journeys.kinds import Action, Decision, End, Jump, Park, outgoing
from safar.lib.quiet import Quiet
from safar.segments.reading import Reading

FINISHED, LEFT = 1, 2


def compile_stretch(
    definition: Definition,
    version_id: int,
    walk: Walk,
    reading: Reading,
    cut_stretch: dict[int, int],
    jumps: dict[int, tuple[int, int]],
    quiet: Quiet,
    sends: dict[int, int],
    *,
    tells_journey: bool,
) -> str:
    """The statement for the walk. reading: of the version; cut_stretch: cut point → number of the stretch that goes on there;
    jumps: jump → number and target of the stretch that goes on behind it; tells_journey: some condition reads this journey, so an ending is an internal event.

    Returns one row: moved, go on at a cut, internal events, due within the tick, outbox rows, longest trail.
    """
    return _Stretch(definition, version_id, walk, reading, cut_stretch, jumps, quiet, sends, tells_journey).statement()


class _Stretch:
    def __init__(
        self,
        definition: Definition,
        version_id: int,
        walk: Walk,
        reading: Reading,
        cut_stretch: dict[int, int],
        jumps: dict[int, tuple[int, int]],
        quiet: Quiet,
        sends: dict[int, int],
        tells: bool,
    ) -> None:
        self.definition, self.version_id, self.walk, self.tells = definition, version_id, walk, tells
        self.cut_stretch, self.quiet, self.sends = cut_stretch, quiet, sends
        self.jumps = {i: jumps[i] for i in walk.order if i in jumps and i not in walk.cuts}
        self.reading = replace(
            reading, at=sql("m.at"), entry=sql("n.properties"), entry_seq=sql("m.entry_seq"), since_seq=sql("m.seq")
        )
        self.decided = {i: f"d{i}.d" for i in walk.fields}  # while deciding
        self.recorded = {  # once written
            i: f"((p.dec >> {f.offset}) & {(1 << f.width) - 1})" for i, f in walk.fields.items()
        }

    def statement(self) -> str:
        effects = self._effects()
        caused = [part for effect in effects for part in effect.caused]
        if self.tells:
            caused.append(self._ended())
        ctes = [
            f"decided AS ({self._decide()})",
            f"moved AS ({self._update()})",
            f"passed AS (SELECT v.*, v.trail[cardinality(v.trail)] AS last, v.trail[cardinality(v.trail)] & {MASK} AS dec FROM moved v)",
            *[cte for effect in effects for cte in effect.ctes],
            f"queued AS ({_outbox(effects)})",
            f"told AS ({_caused(caused)})",
            f"again AS ({self._again()})",
            f"soon AS ({_due()})",
            "later AS ("
            + hints("(SELECT contact_id, least(wake_at, flip_at) AS moment FROM passed WHERE state = 0)", "s.moment")
            + ")",
            f"counted AS ({self._count()})",
        ]
        return (
            "WITH "
            + ",\n".join(ctes)
            + "\nSELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM again), (SELECT count(*) FROM told),"
            " (SELECT count(*) FROM soon), (SELECT count(*) FROM queued), (SELECT max(cardinality(trail)) FROM moved)"
        )

    # deciding

    def _decide(self) -> str:
        joins: list[str] = []
        code: list[str] = ["m.stretch::bigint << 48"]
        place, state, reason, wake, flip = [], [], [], [], []
        for i in self.walk.order:
            point = self.definition.points[i]
            kind, params = point.kind, point.params
            here = reach_text(self.walk.reached[i], self.decided)
            if i in self.walk.cuts:
                place.append(f"WHEN {here} THEN {i}")
                continue
            if isinstance(kind, Park):
                stays = here
                moment = text(kind.wake_at(params, self.reading))
                if i in self.walk.fields:
                    joins.append(self._park(i, here, moment))
                    stays, moment = f"d{i}.d = {STANDS}", f"w{i}.w"
                place.append(f"WHEN {stays} THEN {i}")
                wake.append(f"WHEN {stays} THEN {moment}")
                condition = kind.awaits(params).condition
                turn = condition.flip(self.reading) if condition is not None else None
                if turn is not None:
                    flip.append(f"WHEN {stays} THEN {text(turn)}")
            elif isinstance(kind, Decision):
                joins.append(self._decision(i, here))
            elif (out := outgoing(kind, params)) is not None:
                end = goes_at(out, self.quiet, self.reading, f"m.stretch = {self.sends[i]}")
                joins.append(self._outgoing(i, here, end))
                if end is not None:
                    place.append(f"WHEN d{i}.d = {STANDS} THEN {i}")
                    wake.append(f"WHEN d{i}.d = {STANDS} THEN w{i}.w")
            elif isinstance(kind, Jump):
                joins.append(self._jump(i, here, kind.times(params)))
                place.append(f"WHEN d{i}.d = {JUMPS} THEN {i}")
            elif isinstance(kind, End):
                place.append(f"WHEN {here} THEN {i}")
                state.append(f"WHEN {here} THEN {LEFT}")
                reason.append(f"WHEN {here} THEN {lit(kind.reason(params))}")
            if i in self.walk.fields:
                code.append(f"(d{i}.d::bigint << {self.walk.fields[i].offset})")
        stands = _case(place, "smallint")
        chosen = f"""{" | ".join(f"({c})" for c in code)} AS code, {stands} AS place,
            {_case([*state, f"WHEN {stands} IS NULL THEN {FINISHED}"], "smallint", "0")} AS state,
            {_case(reason, "text")} AS reason, {_case(wake, "timestamptz")} AS wake, {_case(flip, "timestamptz")} AS flip"""
        decisions = " ".join(joins)
        return f"""
        SELECT m.*, {chosen}, (extract(epoch FROM m.at - m.entered_at) * 1000000)::bigint AS micros
        FROM mover m {self._tables(chosen + decisions)}
        {decisions}
        WHERE m.version_id = {self.version_id} AND m.target = {-1 if self.walk.target is None else self.walk.target}"""

    def _tables(self, code: str) -> str:
        """The joins that the expressions need; a row not read is a probe saved for everybody."""
        joins = []
        if "c." in code or "f." in code:
            joins.append("JOIN contact c ON c.bucket = m.bucket AND c.id = m.contact_id")
        if "f." in code:
            joins.append("LEFT JOIN contact_facts f ON f.bucket = m.bucket AND f.contact_id = m.contact_id")
        if "own." in code:
            joins.append(
                "JOIN enrollment own ON own.bucket = m.bucket AND own.contact_id = m.contact_id AND own.journey_id = m.journey_id"
                " AND own.one_per = m.one_per"
            )
        if "n." in code:
            joins.append(
                "LEFT JOIN enrollment_entry n ON n.bucket = m.bucket AND n.enrollment_id = m.enrollment_id AND n.entry_no = m.entry_no"
            )
        return " ".join(joins)

    def _park(self, i: int, here: str, moment: str) -> str:
        point = self.definition.points[i]
        assert isinstance(point.kind, Park)
        passes = point.kind.passes(point.params, self.reading)
        ways = [f"WHEN NOT {here} THEN 0"]
        if passes is not None:
            ways.append(f"WHEN {text(passes)} THEN {GOES_WOKEN}")
        if point.kind.passed_goes_on:
            ways.append(f"WHEN w{i}.w IS NULL OR w{i}.w <= m.at THEN {GOES_DUE}")
        # OFFSET 0 keeps the planner from copying the expression into every place that reads it
        return (
            f"CROSS JOIN LATERAL (SELECT CASE WHEN {here} THEN {moment} END AS w OFFSET 0) w{i}\n"
            f"CROSS JOIN LATERAL (SELECT CASE {' '.join(ways)} ELSE {STANDS} END AS d OFFSET 0) d{i}"
        )

    def _outgoing(self, i: int, here: str, moment: str | None) -> str:
        """moment: the end of the quiet hours that last; who has none goes on."""
        if moment is None:
            return f"CROSS JOIN LATERAL (SELECT CASE WHEN {here} THEN {GOES_DUE} ELSE 0 END AS d OFFSET 0) d{i}"
        return (
            f"CROSS JOIN LATERAL (SELECT CASE WHEN {here} THEN {moment} END AS w OFFSET 0) w{i}\n"
            f"CROSS JOIN LATERAL (SELECT CASE WHEN NOT {here} THEN 0 WHEN w{i}.w IS NULL THEN {GOES_DUE} ELSE {STANDS} END AS d OFFSET 0) d{i}"
        )

    def _decision(self, i: int, here: str) -> str:
        point = self.definition.points[i]
        assert isinstance(point.kind, Decision)
        numbers = {path: n for n, path in enumerate(point.kind.paths(point.params), start=1)}
        ways, rest = [f"WHEN NOT {here} THEN 0"], 0
        for condition, path in point.kind.ways(point.params, self.reading, point.key):
            if condition is None:
                rest = numbers[path]
            else:
                ways.append(f"WHEN {text(condition)} THEN {numbers[path]}")
        return f"CROSS JOIN LATERAL (SELECT CASE {' '.join(ways)} ELSE {rest} END AS d OFFSET 0) d{i}"

    def _jump(self, i: int, here: str, times: int) -> str:
        """Jumps are counted in the trail, where each has begun a stretch of its own number: the present one is not written yet, and
        long trails have parts elsewhere."""

        def count(trail: str) -> str:
            return (
                f"(SELECT count(*) FROM unnest({trail}) WITH ORDINALITY u (x, i)"
                f" WHERE (u.i & 1) = 0 AND (u.x >> 48) = {self.jumps[i][0]})"
            )

        moved = (
            f"(SELECT coalesce(sum({count('o.trail')}), 0) FROM enrollment_past o WHERE o.bucket = own.bucket"
            " AND o.contact_id = own.contact_id AND o.journey_id = own.journey_id AND o.one_per = own.one_per"
            f" AND o.entry_no = own.entry_no AND o.part < own.trail_moved AND o.version_id = {self.version_id})"
        )
        jumped = f"(m.stretch = {self.jumps[i][0]})::integer + {count('own.trail')} + CASE WHEN own.trail_moved > 0 THEN {moved} ELSE 0 END"
        return (
            f"CROSS JOIN LATERAL (SELECT CASE WHEN NOT {here} THEN 0 WHEN {jumped} < {times} THEN {JUMPS} ELSE {GOES_ON} END"
            f" AS d OFFSET 0) d{i}"
        )

    # writing

    def _update(self) -> str:
        return """
        UPDATE enrollment e SET place = d.place, state = d.state, reason = d.reason, since = d.at, since_seq = d.seq, hops = d.hops,
            wake_at = d.wake, flip_at = d.flip, held_at = NULL, ended_at = CASE WHEN d.state = 0 THEN NULL ELSE d.at END,
            trail = e.trail || ARRAY[d.micros, d.code]
        FROM decided d
        WHERE e.bucket = d.bucket AND e.contact_id = d.contact_id AND e.journey_id = d.journey_id AND e.one_per = d.one_per
            AND e.entry_no = d.entry_no AND e.state = 0 AND e.place IS NOT DISTINCT FROM d.from_place
        RETURNING e.bucket, e.contact_id, e.journey_id, e.one_per, e.id, e.workspace_id, e.version_id, e.entry_no, e.entered_at,
            e.entry_seq, e.place, e.state, e.reason, e.since, e.since_seq, e.wake_at, e.flip_at, e.hops, e.trail, e.trail_moved"""

    def _effects(self) -> list[EffectText]:
        made = []
        for position, i in enumerate(self.walk.order):
            point = self.definition.points[i]
            if isinstance(point.kind, Action) and i not in self.walk.cuts:
                here = reach_text(self.walk.reached[i], self.recorded)
                if i in self.walk.fields:  # what goes out, and did not stand
                    here = f"({self.recorded[i]} = {GOES_DUE})"
                made.append(
                    effect_text(
                        self.definition,
                        point,
                        point.kind.effect(point.params),
                        here,
                        position * 1000,
                        self.reading,
                    )
                )
        return made

    def _ended(self) -> str:
        status = "CASE WHEN p.state = 1 THEN 'finished' ELSE 'left' END"
        key = lit(self.definition.key)
        return (
            f"SELECT 1000000, p.contact_id, p.bucket, p.workspace_id, 'journey_ended', jsonb_build_object('journey', {key}::text,"
            f" 'status', {status}, 'reason', p.reason), ARRAY['event:journey_ended', {lit('journey:' + self.definition.key)}],"
            f" NULL::text[], NULL::text[], NULL::jsonb, NULL::jsonb, p.hops + 1, FALSE, p.since, {key}, p.journey_id, FALSE"
            " FROM passed p WHERE p.state <> 0"
        )

    def _again(self) -> str:
        onward = {i: (self.cut_stretch[i], i) for i in self.walk.cuts} | self.jumps
        if not onward:
            return "SELECT 1 WHERE FALSE"
        number = " ".join(f"WHEN {i} THEN {stretch}" for i, (stretch, _) in sorted(onward.items()))
        target = " ".join(f"WHEN {i} THEN {target}" for i, (_, target) in sorted(onward.items()))
        return f"""INSERT INTO mover_next (contact_id, bucket, journey_id, one_per, enrollment_id, workspace_id, version_id, entry_no,
            entered_at, entry_seq, from_place, stretch, target, at, hops, seq, fresh)
        SELECT contact_id, bucket, journey_id, one_per, id, workspace_id, version_id, entry_no, entered_at, entry_seq, place,
            CASE place {number} END, CASE place {target} END, since, hops, since_seq, TRUE
        FROM passed WHERE state = 0 AND place IN ({", ".join(map(str, sorted(onward)))}) RETURNING 1"""

    def _count(self) -> str:
        return f"""INSERT INTO passage_count (lane, version_id, stretch, decisions, hour, n)
        SELECT (SELECT lane FROM tick), {self.version_id}, p.last >> 48, p.dec, date_bin('1 hour', p.since, 'epoch'), count(*)
        FROM passed p GROUP BY 3, 4, 5"""


def _case(whens: list[str], kind: str, otherwise: str = "NULL") -> str:
    return f"(CASE {' '.join(whens)} ELSE {otherwise} END)::{kind}" if whens else f"{otherwise}::{kind}"


def _outbox(effects: list[EffectText]) -> str:
    rows = [effect.outbox for effect in effects if effect.outbox]
    if not rows:
        return "SELECT 1 WHERE FALSE"
    return f"""INSERT INTO outbox (bucket, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind,
        effect, decided_at, due_at, not_after) {" UNION ALL ".join(rows)} RETURNING 1"""


def _caused(parts: list[str]) -> str:
    if not parts:
        return "SELECT 1 WHERE FALSE"
    # the order of causing is the order along the map: sorted below, numbered above
    return (
        f"INSERT INTO caused (ord, {CAUSED}) SELECT nextval('caused_order'), {CAUSED} FROM ("
        f"{' UNION ALL '.join(parts)} ORDER BY 1) x (pos, {CAUSED}) RETURNING 1"
    )


def _due() -> str:
    return """INSERT INTO due (contact_id, at, grp, a, b, c, one_per)
        SELECT p.contact_id, least(p.wake_at, p.flip_at), 1, p.journey_id, p.id, 1, p.one_per FROM passed p
        WHERE p.state = 0 AND least(p.wake_at, p.flip_at) < (SELECT horizon FROM tick) RETURNING 1"""
