"""Sets traits of the contact, or removes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.journeys.kinds import Action, Parameter, Params, SetTraits
from safar.journeys.words import choose, listed, quoted


class UpdateContact(Action):
    key = "update_contact"
    icon = "user-edit"
    label = {"en": "Update the contact", "fa": "تغییر ویژگی‌ها"}
    help = {
        "en": "Sets fields of the contact; null removes one. An equal value is no change and starts no journey.",
        "fa": "ویژگی‌های مخاطب را تعیین می‌کند؛ مقدار خالی (null) ویژگی را برمی‌دارد. مقدار برابر تغییر نیست و سفری آغاز نمی‌کند.",
    }
    parameters = (
        Parameter("set", "values", {"en": "Set", "fa": "مقدارها"}, {"en": "Field → value.", "fa": "ویژگی ← مقدار."}),
    )
    example = {"set": {"interest": "shoes", "trial": None}}

    def effect(self, p: Params) -> SetTraits:
        return SetTraits(p["set"])

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        said = [
            choose(language, f"removes {name}", f"{name} را برمی‌دارد")
            if value is None
            else choose(
                language, f"sets {name} to {quoted(value, language)}", f"{name} را {quoted(value, language)} می‌کند"
            )
            for name, value in p["set"].items()
        ]
        return listed(said, language)
