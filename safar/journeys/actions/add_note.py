"""Writes a note on the contact's page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from safar.journeys.kinds import Action, Note, Parameter, Params
from safar.journeys.words import choose, quoted, short
from safar.lib.faults import Faults, said

_NAMED = re.compile(r"\{\{\s*(entry|contact)\.([^\s{}.]+(?:\.[^\s{}.]+)*)\s*\}\}")


class AddNote(Action):
    key = "add_note"
    icon = "note"
    label = {"en": "Add a note", "fa": "نوشتن یادداشت"}
    help = {
        "en": "Writes a note that stays with the contact, for whoever opens their page.",
        "fa": "یادداشتی کنار مخاطب می‌گذارد تا هر کس صفحه‌اش را باز کرد ببیند.",
    }
    parameters = (
        Parameter(
            "text",
            "text",
            {"en": "Text", "fa": "متن"},
            {
                "en": "The note; {{ entry.… }} and {{ contact.… }} stand for values of what brought them, and for fields.",
                "fa": "متن یادداشت؛ {{ entry.… }} و {{ contact.… }} جای دانسته‌های ورود و ویژگی‌ها را می‌گیرند.",
            },
        ),
    )
    example = {"text": "Left a cart of {{ entry.cart_value }} and did not answer."}

    def check(self, p: Params, faults: Faults) -> None:
        if re.search(r"\{[{%]", _NAMED.sub("", p["text"])):
            faults.at("text").add(said("a note may hold {{ entry.… }} and {{ contact.… }}, and no other braces"))

    def effect(self, p: Params) -> Note:
        parts: list[str | tuple[str, ...]] = []
        end = 0
        for found in _NAMED.finditer(p["text"]):
            parts += [p["text"][end : found.start()], (found[1], *found[2].split("."))]
            end = found.end()
        return Note([part for part in (*parts, p["text"][end:]) if part])

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        said = quoted(short(p["text"], 40), language)
        return choose(language, f"notes {said}", f"یادداشت می‌کند {said}")
