"""A contact has ceased to be a member of a segment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.kinds import EventStart, Parameter, Params
from safar.journeys.words import choose, quoted
from safar.segments.literals import text
from safar.segments.reading import Reading


class SegmentLeft(EventStart):
    key = "segment_left"
    icon = "users-minus"
    label = {"en": "Left a segment", "fa": "خروج از سگمنت"}
    help = {
        "en": "The contact has ceased to be a member of the segment, by what they did or because time has passed.",
        "fa": "مخاطب دیگر عضو سگمنت نیست؛ با کاری که کرد یا با گذشت زمان.",
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
        return frozenset({"event:segment_left"})

    def matches(self, p: Params, r: Reading) -> Composable:
        """Only the engine's own event: a track of that name says nothing about the segment."""
        return SQL(
            "(t.name = 'segment_left' AND t.type = 'internal' AND coalesce(t.properties ->> 'segment' = {}, false))"
        ).format(text(p["segment"]))

    def entry(self, p: Params, r: Reading) -> Composable:
        return SQL("jsonb_build_object('segment', {})").format(text(p["segment"]))

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        segment = quoted(p["segment"], language)
        return choose(language, f"left the segment {segment}", f"از سگمنت {segment} بیرون رفت")
