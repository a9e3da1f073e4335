"""What the starting points have in common that wait for a pause: something was begun, nothing has come of it, and time goes by.

A pause is known by the latest event that begins one, by (timestamp, sequence); an event that ends it and lies behind that is the end of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from psycopg.sql import SQL, Composable

from safar.journeys.expressions import add, iso_text
from safar.journeys.hearing import WHERE
from safar.journeys.kinds import Parameter, Params, StateStart
from safar.journeys.saying import say_where
from safar.journeys.words import choose, listed, say_duration
from safar.segments.literals import texts
from safar.segments.lookups import exists, rows
from safar.segments.reading import Reading


class Paused(StateStart):
    """Matches once for each pause; one already over when its event is applied matches at that event."""

    begins: ClassVar[tuple[str, ...]]  # names of events
    ends: ClassVar[tuple[str, ...]]
    said: ClassVar[tuple[str, str]]
    parameters = (
        Parameter(
            "after",
            "duration",
            {"en": "After", "fa": "پس از"},
            {"en": "How long nothing has come of it, such as PT1H.", "fa": "چه مدت به جایی نرسیده باشد، مانند PT1H."},
        ),
        WHERE,
    )
    example: ClassVar[Mapping[str, Any]] = {"after": "PT1H"}
    at_once = True
    lazy = True  # every step would move the timer; the early one finds out for itself

    def reads(self, p: Params) -> frozenset[str]:
        return frozenset(f"event:{name}" for name in (*self.begins, *self.ends))

    def due(self, p: Params, r: Reading) -> Composable:
        later = SQL("v.name = ANY ({}) AND v.timestamp >= w.timestamp AND (v.timestamp, v.seq) > (w.timestamp, w.seq)")
        return SQL("(SELECT {} FROM (SELECT v.timestamp, v.seq {}) w WHERE NOT {})").format(
            add(SQL("w.timestamp"), p["after"], r),
            self._latest(p, r),
            exists(rows("event", later.format(texts(self.ends)), r)),
        )

    def mark(self, p: Params, r: Reading) -> Composable:
        return SQL("(SELECT {} {})").format(iso_text(SQL("v.timestamp")), self._latest(p, r))

    def entry(self, p: Params, r: Reading) -> Composable:
        """What the event said that began the pause."""
        return SQL("coalesce((SELECT v.properties {}), '{{}}'::jsonb)").format(self._latest(p, r))

    def brings(self, p: Params, r: Reading) -> Composable | None:
        """Who pauses now says nothing of those who will."""
        return None

    def _latest(self, p: Params, r: Reading) -> Composable:
        tests: list[Composable] = [SQL("v.name = ANY ({})").format(texts(self.begins))]
        if p.get("where") is not None:
            tests.append(p["where"].holds(SQL("v.properties"), r))
        order = SQL(" ORDER BY v.timestamp DESC, v.seq DESC LIMIT 1")
        return rows("event", SQL("{}{}").format(SQL(" AND ").join(tests), order), r)

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        after = say_duration(p["after"], language)
        parts = [choose(language, *self.said).format(after)]
        if p.get("where") is not None:
            parts.append(say_where(p["where"], language))
        return listed(parts, language)
