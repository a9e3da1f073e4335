"""Takes a tag from the contact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.journeys.kinds import Action, Parameter, Params, SetTag
from safar.journeys.words import choose, quoted


class RemoveTag(Action):
    key = "remove_tag"
    icon = "tag-off"
    label = {"en": "Remove a tag", "fa": "برداشتن برچسب"}
    help = {
        "en": "Takes a tag from the contact. Where it is not there nothing happens.",
        "fa": "برچسبی را از مخاطب برمی‌دارد. اگر نباشد چیزی رخ نمی‌دهد.",
    }
    parameters = (
        Parameter("tag", "tag", {"en": "Tag", "fa": "برچسب"}, {"en": "The tag to remove.", "fa": "نام برچسب."}),
    )
    example = {"tag": "new-customer"}

    def effect(self, p: Params) -> SetTag:
        return SetTag(p["tag"], present=False)

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        tag = quoted(p["tag"], language)
        return choose(language, f"removes the tag {tag}", f"برچسب {tag} را برمی‌دارد")
