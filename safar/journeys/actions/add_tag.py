"""Gives the contact a tag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.journeys.kinds import Action, Parameter, Params, SetTag
from safar.journeys.words import choose, quoted


class AddTag(Action):
    key = "add_tag"
    icon = "tag"
    label = {"en": "Add a tag", "fa": "افزودن برچسب"}
    help = {
        "en": "Gives the contact a tag. Where it is there already nothing happens, and no journey is started by it.",
        "fa": "به مخاطب برچسب می‌دهد. اگر از پیش باشد چیزی رخ نمی‌دهد و سفری با آن آغاز نمی‌شود.",
    }
    parameters = (Parameter("tag", "tag", {"en": "Tag", "fa": "برچسب"}, {"en": "The tag to add.", "fa": "نام برچسب."}),)
    example = {"tag": "vip"}

    def effect(self, p: Params) -> SetTag:
        return SetTag(p["tag"], present=True)

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        tag = quoted(p["tag"], language)
        return choose(language, f"adds the tag {tag}", f"برچسب {tag} را می‌افزاید")
