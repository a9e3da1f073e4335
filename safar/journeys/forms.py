"""What an editor needs to know of kinds of points and of conditions, in one language: labels, parameters, choices.

Made from the kinds themselves, so a new kind has its form without anybody writing one. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from safar.journeys.kinds import Kind, Parameter, Words
from safar.journeys.registry import fixed_paths, points, section_of, starting_points
from safar.journeys.saying import FACTS, MESSAGES, STATES, TRIPS
from safar.journeys.words import WEEKDAYS
from safar.segments.kinds import ConditionKind, condition_kinds
from safar.segments.operator import SCALAR_SCHEMA
from safar.segments.operators import operators, where_schema
from safar.segments.timing import DURATION_SCHEMA

Json = dict[str, Any]
ICONS = {"starting point": "player-play", "rule": "route", "action": "send"}
_QUOTED = re.compile("([“«])([a-z_]+)([”»])")
PATHS = {
    "next": ("next", "بعدی"),
    "yes": ("yes", "بله"),
    "no": ("no", "خیر"),
    "else": ("otherwise", "در غیر این صورت"),
    "happened": ("happened", "رخ داد"),
    "timed_out": ("time is over", "مهلت تمام شد"),
    "jump": ("back", "بازگشت"),
}
CHOICES = {
    "best_hour": ("at the contact's own hour", "در ساعت مناسب هر مخاطب"),
    "opened": ("opened", "باز شدن"),
    "clicked": ("clicked", "کلیک شدن"),
    "goal": ("the journey's goal", "هدف سفر"),
    "marketing": ("marketing: to those who agreed", "تبلیغاتی: فقط به کسانی که رضایت داده‌اند"),
    "transactional": ("transactional: belongs to an order", "تراکنشی: مربوط به خود سفارش"),
    "gregorian": ("Gregorian", "میلادی"),
    "jalali": ("Jalali", "شمسی"),
    "entry": ("since they entered", "از هنگام ورود به سفر"),
    "arrival": ("since they came to this point", "از هنگام رسیدن به این نقطه"),
    "email": ("e-mail", "ایمیل"),
    "sms": ("SMS", "پیامک"),
    "joined": ("joined", "پیوسته"),
    "left": ("left", "ترک‌کرده"),
    **{word: (english, persian) for word, (english, persian) in STATES.items()},
    **{word: (english.removeprefix("was "), persian) for word, (english, persian) in MESSAGES.items()},
    **{word: (english.replace(" {}", ""), persian.replace(" {}", "")) for word, (english, persian) in TRIPS.items()},
    **FACTS,
    **WEEKDAYS,
}
PARTS = {
    "times": ("how often", "چند بار"),
    "within": ("within the last", "در این مدت اخیر"),
    "where": ("only where", "فقط اگر"),
    "since": ("counted", "شمرده‌شده"),
    "calendar": ("calendar", "تقویم"),
    "is": ("is", "برابر است با"),
    "was": ("was", "شده است"),
}


def kind_forms(language: str) -> list[Json]:
    """Every kind: kind, section, icon, label, help, paths, rest, leadsBack, example, parameters.

    paths: None where parameters name them; then rest has those that come behind, such as ``else``.
    """
    kinds: Iterable[Kind] = [*starting_points().values(), *points().values()]
    order = list(ICONS)
    return [
        {
            "kind": kind.key,
            "section": section_of(kind),
            "icon": kind.icon or ICONS[section_of(kind)],
            "label": _words(kind.label, language),
            "help": _help(kind.help, language),
            "paths": fixed_paths(kind),
            "rest": _rest(kind),
            "leadsBack": sorted(kind.leads_back),
            "example": dict(kind.example),
            "parameters": [_parameter(parameter, language) for parameter in kind.parameters],
        }
        for kind in sorted(kinds, key=lambda kind: (order.index(section_of(kind)), _words(kind.label, language)))
    ]


def condition_forms(language: str) -> list[Json]:
    """Every kind of condition: key, label, help, example, and its shape.

    shape: ``list`` or ``one`` (of conditions inside), or ``test``: then ``subjects``, each with choices (None: free text),
    operators (keys) and parts (name, label, type: choice, duration, where, times, text).
    """
    return [_condition(kind, language) for kind in condition_kinds().values()]


def operator_forms(language: str) -> list[Json]:
    """Every operator: key, label, type (value, values, boolean, duration, text), timed (cannot stand in ``where``)."""
    return [
        {
            "key": operator.key,
            "label": _words(operator.label, language),
            "type": _operator_type(operator.schema()),
            "timed": operator.timed,
        }
        for operator in operators().values()
    ]


def path_words(language: str) -> dict[str, str]:
    return {path: _pick(words, language) for path, words in PATHS.items()}


def choice_words(language: str) -> dict[str, str]:
    return {choice: _pick(words, language) for choice, words in CHOICES.items()}


def _rest(kind: Kind) -> list[str]:
    """Paths that no parameter names, of a kind whose parameters name some."""
    named = {name for value in kind.example.values() if isinstance(value, Mapping) for name in value}
    return [] if fixed_paths(kind) is not None else [path for path in kind.paths(kind.example) if path not in named]


def _parameter(parameter: Parameter, language: str) -> Json:
    return {
        "name": parameter.name,
        "type": "choice" if parameter.choices else parameter.type,
        "label": _words(parameter.label, language),
        "help": _help(parameter.help, language),
        "required": parameter.required,
        "choices": [_choice(choice, language) for choice in parameter.choices],
        "default": parameter.default,
    }


def _condition(kind: ConditionKind, language: str) -> Json:
    schema = kind.schema()
    inside = schema.get("properties", {}).get(kind.key, {})
    form: Json = {
        "key": kind.key,
        "label": _words(kind.label, language),
        "help": _help(kind.help, language),
        "example": dict(kind.examples[0]),
    }
    if inside.get("type") == "array":
        return {**form, "shape": "list"}
    if inside.get("$ref", "").endswith("/condition"):
        return {**form, "shape": "one"}
    shapes = schema.get("oneOf") or [schema]
    return {**form, "shape": "test", "subjects": [_subject(kind.key, shape, language) for shape in shapes]}


def _subject(key: str, shape: Mapping[str, Any], language: str) -> Json:
    properties = dict(shape["properties"])
    about = properties.pop(key)
    tests = [name for name, schema in properties.items() if name in operators() and "enum" not in schema]
    if "times" in properties:  # `within` of an event is a window, not a comparison
        tests = []
    return {
        "choices": [_choice(choice, language) for choice in about["enum"]] if "enum" in about else None,
        "operators": tests,
        "parts": [_part(name, schema, language) for name, schema in properties.items() if name not in tests],
        "required": [name for name in shape.get("required", ()) if name != key],
    }


def _part(name: str, schema: Mapping[str, Any], language: str) -> Json:
    words = PARTS.get(name)
    form: Json = {"name": name, "label": _pick(words, language) if words else name, "type": _part_type(schema)}
    if name == "calendar":
        return {**form, "type": "choice", "choices": [_choice(each, language) for each in ("gregorian", "jalali")]}
    if "enum" in schema:
        form["choices"] = [_choice(choice, language) for choice in schema["enum"]]
    return form


def _part_type(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return "choice"
    if schema == DURATION_SCHEMA:
        return "duration"
    if schema == where_schema():
        return "where"
    return "times" if schema.get("type") == "object" else "text"


def _operator_type(schema: Mapping[str, Any]) -> str:
    if schema == DURATION_SCHEMA:
        return "duration"
    if schema == SCALAR_SCHEMA or isinstance(schema.get("type"), list):
        return "value"
    return {"array": "values", "boolean": "boolean"}.get(str(schema.get("type")), "text")


def _choice(choice: Any, language: str) -> Json:
    words = CHOICES.get(str(choice))
    return {"value": choice, "label": _pick(words, language) if words else str(choice)}


def _words(words: Words, language: str) -> str:
    return words.get(language) or words.get("en", "")


def _help(words: Words, language: str) -> str:
    """Paths stand in helps by their names in files, “timed_out”; on the map people know them by their labels."""
    paths = path_words(language)
    return _QUOTED.sub(lambda found: f"{found[1]}{paths.get(found[2], found[2])}{found[3]}", _words(words, language))


def _pick(words: tuple[str, str], language: str) -> str:
    return words[1] if language == "fa" else words[0]
