"""A contact has lost a tag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.kinds import EventStart, Parameter, Params
from safar.journeys.words import choose, quoted
from safar.segments.literals import text
from safar.segments.reading import Reading


class TagRemoved(EventStart):
    key = "tag_removed"
    icon = "tag-off"
    label = {"en": "Tag removed", "fa": "برداشتن برچسب"}
    help = {
        "en": "The contact lost this tag, by whatever way. Removing a tag that was not there counts for nothing.",
        "fa": "این برچسب از مخاطب برداشته شد، از هر راهی که باشد. برداشتن برچسبی که نبوده به شمار نمی‌آید.",
    }
    parameters = (
        Parameter(
            "tag",
            "tag",
            {"en": "Tag", "fa": "برچسب"},
            {"en": "The tag that is removed.", "fa": "برچسبی که برداشته می‌شود."},
        ),
    )
    example = {"tag": "new-customer"}

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset({f"tag:{p['tag']}"})

    def matches(self, p: Params, r: Reading) -> Composable:
        return SQL("coalesce(t.tags_removed @> ARRAY[{}], false)").format(text(p["tag"]))

    def entry(self, p: Params, r: Reading) -> Composable:
        return SQL("jsonb_build_object('tag', {})").format(text(p["tag"]))

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        tag = quoted(p["tag"], language)
        return choose(language, f"lost the tag {tag}", f"برچسب {tag} از او برداشته شد")
