"""Everybody who is in a segment at a moment, once: what a campaign begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.expressions import fixed_moment
from safar.journeys.kinds import Parameter, Params, StateStart
from safar.journeys.words import choose, digits, quoted
from safar.segments.conditions.segment import by_itself
from safar.segments.literals import text
from safar.segments.reading import Reading


class SegmentOnce(StateStart):
    key = "segment_once"
    icon = "speakerphone"
    label = {"en": "A segment, once", "fa": "یک سگمنت، یک‌بار"}
    help = {
        "en": "At this moment, or at publishing, everybody who is then in the segment enters, once: a campaign. Who joins it later does not.",
        "fa": "در این لحظه، یا هنگام انتشار، هر کسی که عضو سگمنت است یک بار وارد می‌شود: کمپین. کسی که بعدتر عضو شود وارد نمی‌شود.",
    }
    parameters = (
        Parameter(
            "segment",
            "segment",
            {"en": "Segment", "fa": "سگمنت"},
            {"en": "The segment's key.", "fa": "کلید سگمنت."},
        ),
        Parameter(
            "at",
            "moment",
            {"en": "At", "fa": "در"},
            {
                "en": "Date and time in the contact's zone, such as 2027-03-21T08:00; with an offset it is one instant for all. "
                "If left out, the moment of publishing.",
                "fa": "تاریخ و ساعت به وقت محلی مخاطب، مانند 2027-03-21T08:00؛ با اختلاف ساعت، یک لحظه برای همه. "
                "اگر نیاید، لحظهٔ انتشار.",
            },
            required=False,
        ),
    )
    example = {"segment": "big-spenders", "at": "2027-03-21T08:00"}
    includes_now = True
    rearms = True  # what is marked is the moment: one that is past stays past when the zone changes

    def reads(self, p: Params) -> frozenset[str]:
        """Armed with the contact's first event, and for everybody by publishing."""
        return frozenset({"created"})

    def due(self, p: Params, r: Reading) -> Composable:
        return fixed_moment(p["at"], r) if "at" in p else SQL("NULL::timestamptz")

    def mark(self, p: Params, r: Reading) -> Composable:
        return text(p["at"].text) if "at" in p else SQL("NULL::text")

    def entry(self, p: Params, r: Reading) -> Composable:
        return SQL("jsonb_build_object('segment', {})").format(text(p["segment"]))

    def already(self, p: Params, r: Reading) -> Composable | None:
        """Only where publishing is its moment; a moment that is stated comes for everybody when it comes."""
        return None if "at" in p else self.besides(p, r)

    def by_publishing(self, p: Params) -> bool:
        return "at" not in p

    def brings(self, p: Params, r: Reading) -> Composable:
        return self.besides(p, r)

    def segments(self, p: Params) -> frozenset[str]:
        return frozenset({p["segment"]})

    def besides(self, p: Params, r: Reading) -> Composable:
        """Membership is the condition itself, true then: nothing is kept of the segment before."""
        condition = r.segments.get(p["segment"])
        return SQL("false") if condition is None else condition.holds(by_itself(r))

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        segment = quoted(p["segment"], language)
        if p.get("at") is None:
            return choose(language, f"everybody in {segment} at publishing", f"همهٔ {segment} هنگام انتشار")
        at = digits(str(p["at"]).replace("T", " "), language)
        return choose(language, f"everybody in {segment} at {at}", f"همهٔ {segment} در {at}")
