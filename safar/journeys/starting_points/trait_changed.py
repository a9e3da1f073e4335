"""A contact's trait has got another value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.kinds import EventStart, Parameter, Params
from safar.journeys.words import choose, quoted
from safar.segments.literals import jsonb, text
from safar.segments.reading import Reading


class TraitChanged(EventStart):
    key = "trait_changed"
    icon = "pencil"
    label = {"en": "Field changed", "fa": "تغییر ویژگی"}
    help = {
        "en": "A field of the contact has got another value. The first setting is a change, an equal value is not.",
        "fa": "یکی از ویژگی‌های مخاطب مقدار دیگری گرفت. نخستین مقدار هم تغییر است؛ مقدار برابر تغییر نیست.",
    }
    parameters = (
        Parameter(
            "trait",
            "trait",
            {"en": "Field", "fa": "ویژگی"},
            {"en": "The field that changes.", "fa": "ویژگی‌ای که تغییر می‌کند."},
        ),
        Parameter(
            "from",
            "any",
            {"en": "From", "fa": "از"},
            {
                "en": "Only where it had this value; null: where it had none.",
                "fa": "فقط اگر پیش‌تر این مقدار را داشت؛ خالی (null): اگر مقداری نداشت.",
            },
            required=False,
        ),
        Parameter(
            "to",
            "any",
            {"en": "To", "fa": "به"},
            {
                "en": "Only where it has this value now; null: where it was removed.",
                "fa": "فقط اگر اکنون این مقدار را دارد؛ خالی (null): اگر برداشته شد.",
            },
            required=False,
        ),
    )
    example = {"trait": "city", "from": "Tehran", "to": "Shiraz"}

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset({f"trait:{p['trait']}"})

    def matches(self, p: Params, r: Reading) -> Composable:
        parts: list[Composable] = [SQL("coalesce(t.traits_changed ? {}, false)").format(text(p["trait"]))]
        for name, number in (("from", 0), ("to", 1)):
            if name in p:
                parts.append(_was(p["trait"], number, p[name]))
        return SQL("({})").format(SQL(" AND ").join(parts))

    def entry(self, p: Params, r: Reading) -> Composable:
        return SQL(
            "jsonb_build_object('trait', {k}, 'from', t.traits_changed -> {k} -> 0, 'to', t.traits_changed -> {k} -> 1)"
        ).format(k=text(p["trait"]))

    def already(self, p: Params, r: Reading) -> Composable | None:
        """Having a value is a state. Having changed is none, nor is what the value was before, nor having none: nobody remembers when."""
        if p.get("to") is None or "from" in p:
            return None
        return SQL("coalesce(safar_same({} -> {}, {}), false)").format(r.traits, text(p["trait"]), jsonb(p["to"]))

    def already_entry(self, p: Params, r: Reading) -> Composable:
        return SQL("jsonb_build_object('trait', {k}, 'from', NULL, 'to', {traits} -> {k})").format(
            k=text(p["trait"]), traits=r.traits
        )

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        said = choose(language, f"{p['trait']} changed", f"{p['trait']} تغییر کرد")
        for name, english, persian in (("from", "from", "از"), ("to", "to", "به")):
            if name in p:
                value = choose(language, "nothing", "هیچ") if p[name] is None else quoted(p[name], language)
                said += f" {choose(language, english, persian)} {value}"
        return said


def _was(trait: str, number: int, value: Any) -> Composable:
    """The old (0) or new (1) value is this one; a missing one is null or not there at all."""
    found = SQL("(t.traits_changed -> {} -> {})").format(text(trait), SQL(str(number)))
    if value is None:
        return SQL("coalesce({}, 'null') = 'null'::jsonb").format(found)
    return SQL("coalesce(safar_same({}, {}), false)").format(found, jsonb(value))
