"""Another journey has sent the contact here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.kinds import EventStart, Parameter, Params
from safar.journeys.words import choose, quoted
from safar.segments.literals import text
from safar.segments.reading import Reading


class FromJourney(EventStart):
    key = "from_journey"
    icon = "arrow-merge"
    label = {"en": "From another journey", "fa": "از سفری دیگر"}
    help = {
        "en": "A point “Start a journey” of another journey has sent the contact here. What brought them there comes along.",
        "fa": "نقطهٔ «آغاز سفر» در سفری دیگر مخاطب را به اینجا فرستاد. آنچه او را به آن سفر آورده بود همراهش می‌آید.",
    }
    parameters = (
        Parameter(
            "journey",
            "journey",
            {"en": "Journey", "fa": "سفر"},
            {"en": "Only from this one; from any if left out.", "fa": "فقط از این سفر؛ اگر نیاید از هر سفری."},
            required=False,
        ),
    )
    example = {"journey": "welcome"}

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset({"event:sent_to_journey"})

    def matches(self, p: Params, r: Reading) -> Composable:
        """Only the engine's own event (``emitted`` where a back-test replays another journey's): a track says nothing."""
        tests = [
            SQL("t.name = 'sent_to_journey' AND t.type IN ('internal', 'emitted')"),
            SQL("coalesce(t.properties ->> 'journey' = {}, false)").format(text(r.journey or "")),
        ]
        if "journey" in p:
            tests.append(SQL("coalesce(t.properties ->> 'from_journey' = {}, false)").format(text(p["journey"])))
        return SQL("({})").format(SQL(" AND ").join(tests))

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        if p.get("journey") is None:
            return choose(language, "sent by another journey", "سفری دیگر فرستاد")
        journey = quoted(p["journey"], language)
        return choose(language, f"sent by the journey {journey}", f"سفر {journey} فرستاد")
