"""What the starting points have in common that wait for an answer to an e-mail, and get none in time (docs/semantics.md 65)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from psycopg.sql import SQL, Composable

from safar.journeys.answering import ASKS, OF_MESSAGE
from safar.journeys.hearing import property_is
from safar.journeys.kinds import Parameter, Params, SeriesStart
from safar.journeys.words import choose, listed, quoted, say_duration
from safar.lib.faults import Faults, said
from safar.segments.literals import text
from safar.segments.lookups import exists, rows
from safar.segments.moments import exact, plus
from safar.segments.reading import Reading

SENT = "message_sent"
UTC = SQL("'UTC'::text")  # a time-out, no date: it does not move when the contact travels


class Unanswered(SeriesStart):
    """Each e-mail has its own time, from its sending on."""

    answer: ClassVar[str]  # the name of the event that is waited for
    said: ClassVar[tuple[str, str]]
    parameters = (
        Parameter(
            "after",
            "duration",
            {"en": "After", "fa": "پس از"},
            {"en": "Time since the sending, such as P3D.", "fa": "زمان از هنگام ارسال، مانند P3D."},
        ),
        *OF_MESSAGE,
    )
    example: ClassVar[Mapping[str, Any]] = {"after": "P3D", "template": "welcome-1"}

    def check(self, p: Params, faults: Faults) -> None:
        if not p["after"].positive:
            faults.at("after").add(said("must be longer than nothing"))

    def reads(self, p: Params) -> frozenset[str]:
        return frozenset({f"event:{SENT}", f"event:{self.answer}"})

    def coming(self, p: Params, r: Reading, *, included: bool) -> Composable:
        sign = SQL(">=" if included else ">")
        return SQL("(SELECT min(w.due) FROM {} WHERE w.due {} {})").format(self._open(p, r), sign, r.at)

    def entry(self, p: Params, r: Reading) -> Composable:
        """What the sending said whose time is over now; the later of two."""
        return SQL(
            "coalesce((SELECT w.properties FROM {} WHERE w.due = {} ORDER BY w.seq DESC LIMIT 1), '{{}}'::jsonb)"
        ).format(self._open(p, r), r.at)

    def _open(self, p: Params, r: Reading) -> Composable:
        """FROM …: the sendings that have no answer yet and whose time is not long over, as w (due, seq, properties)."""
        tests: list[Composable] = [
            SQL("v.name = {}").format(text(SENT)),
            SQL("v.timestamp >= {} - {}").format(r.at, exact(p["after"].at_most)),
            SQL("jsonb_typeof(v.properties -> 'message_id') = 'string'"),
            property_is("channel", "is", "email").holds(SQL("v.properties"), r),
        ]
        for name in ("template", "journey"):
            if p.get(name) is not None:
                tests.append(property_is(ASKS[name].property, "is", p[name]).holds(SQL("v.properties"), r))
        answered = SQL("v.name = {} AND v.properties -> 'message_id' = w.properties -> 'message_id'").format(
            text(self.answer)
        )
        return SQL("(SELECT w.* FROM (SELECT {} AS due, v.seq, v.properties {}) w WHERE NOT {}) w").format(
            plus(SQL("v.timestamp"), p["after"], UTC, r.calendar),
            rows("event", SQL(" AND ").join(tests), r),
            exists(rows("event", answered, r)),
        )

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        parts = [choose(language, *self.said).format(say_duration(p["after"], language))]
        for name in ("template", "journey"):
            if p.get(name) is not None:
                parts.append(choose(language, ASKS[name].en, ASKS[name].fa).format(quoted(p[name], language)))
        return listed(parts, language)
