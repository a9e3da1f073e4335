"""A contact has become a member of a segment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.kinds import EventStart, Parameter, Params
from safar.journeys.words import choose, quoted
from safar.segments.conditions.segment import by_itself
from safar.segments.literals import text
from safar.segments.reading import Reading


class SegmentJoined(EventStart):
    key = "segment_joined"
    icon = "users-plus"
    label = {"en": "Joined a segment", "fa": "پیوستن به سگمنت"}
    help = {
        "en": "The contact has become a member of the segment, by what they did or because time has passed.",
        "fa": "مخاطب عضو سگمنت شد؛ با کاری که کرد یا با گذشت زمان.",
    }
    parameters = (
        Parameter(
            "segment",
            "segment",
            {"en": "Segment", "fa": "سگمنت"},
            {"en": "The segment's key.", "fa": "کلید سگمنت."},
        ),
    )
    example = {"segment": "big-spenders"}

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset({"event:segment_joined"})

    def matches(self, p: Params, r: Reading) -> Composable:
        """Only the engine's own event: a track of that name says nothing about the segment."""
        return SQL(
            "(t.name = 'segment_joined' AND t.type = 'internal' AND coalesce(t.properties ->> 'segment' = {}, false))"
        ).format(text(p["segment"]))

    def entry(self, p: Params, r: Reading) -> Composable:
        return SQL("jsonb_build_object('segment', {})").format(text(p["segment"]))

    def already(self, p: Params, r: Reading) -> Composable:
        """The condition itself, as `{segment: …}` reads it."""
        condition = r.segments.get(p["segment"])
        return SQL("false") if condition is None else condition.holds(by_itself(r))

    def already_entry(self, p: Params, r: Reading) -> Composable:
        return self.entry(p, r)

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        segment = quoted(p["segment"], language)
        return choose(language, f"joined the segment {segment}", f"به سگمنت {segment} پیوست")
