"""The contact's birthday, every year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import Composable

from safar.journeys.kinds import Parameter, Params
from safar.journeys.words import before_or_after, choose
from safar.journeys.yearly import Yearly, say_calendar, trait_date, yearly_parameters
from safar.segments.reading import Reading


class Birthday(Yearly):
    key = "birthday"
    icon = "cake"
    label = {"en": "Birthday", "fa": "تولد"}
    help = {
        "en": "The contact's birthday has come, at midnight in their zone; every year, 30 Esfand and 29 February included.",
        "fa": "روز تولد مخاطب، از نیمه‌شبِ همان‌جا که هست؛ هر سال، ۳۰ اسفند و ۲۹ فوریه هم همین‌طور.",
    }
    parameters = (
        Parameter(
            "trait",
            "trait",
            {"en": "Field", "fa": "ویژگی"},
            {
                "en": "The field that holds the date of birth (ISO 8601); “birthday” if left out.",
                "fa": "ویژگی‌ای که تاریخ تولد در آن است (ISO 8601)؛ اگر نیاید «birthday».",
            },
            required=False,
            default="birthday",
        ),
        *yearly_parameters(),
    )
    example = {"offset": "-P3D", "calendar": "jalali"}

    def reads(self, p: Params) -> frozenset[str]:
        return frozenset({f"trait:{p['trait']}"})

    def base(self, p: Params, r: Reading) -> Composable:
        return trait_date(p["trait"], r)

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        said = before_or_after(p.get("offset"), language, choose(language, "the birthday", "تولد"))
        return said + say_calendar(p, language)
