"""A contact has been given a tag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.kinds import EventStart, Parameter, Params
from safar.journeys.words import choose, quoted
from safar.segments.conditions.tag import TagCondition
from safar.segments.literals import text
from safar.segments.reading import Reading


class TagAdded(EventStart):
    key = "tag_added"
    icon = "tag"
    label = {"en": "Tag added", "fa": "افزودن برچسب"}
    help = {
        "en": "The contact got this tag, by whatever way. A tag that was there already counts for nothing.",
        "fa": "این برچسب به مخاطب داده شد، از هر راهی که باشد. برچسبی که از پیش بوده به شمار نمی‌آید.",
    }
    parameters = (
        Parameter(
            "tag",
            "tag",
            {"en": "Tag", "fa": "برچسب"},
            {"en": "The tag that is added.", "fa": "برچسبی که داده می‌شود."},
        ),
    )
    example = {"tag": "new-customer"}

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset({f"tag:{p['tag']}"})

    def matches(self, p: Params, r: Reading) -> Composable:
        return SQL("coalesce(t.tags_added @> ARRAY[{}], false)").format(text(p["tag"]))

    def entry(self, p: Params, r: Reading) -> Composable:
        return SQL("jsonb_build_object('tag', {})").format(text(p["tag"]))

    def already(self, p: Params, r: Reading) -> Composable:
        return TagCondition(p["tag"]).holds(r)

    def already_entry(self, p: Params, r: Reading) -> Composable:
        return self.entry(p, r)

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        tag = quoted(p["tag"], language)
        return choose(language, f"got the tag {tag}", f"برچسب {tag} گرفت")
