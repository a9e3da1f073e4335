"""`{% load contacts %}`: values of fields as a person reads them, whatever type they came in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from safar.console.formats import NOTHING
from safar.console.templatetags.formats import formats_of, ltr, user

register = template.Library()

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})")
_CODE = re.compile(r"[\x21-\x7e]*[@/:][\x21-\x7e]*|\+?[\d ()/.-]{5,}")
LONGEST = 300


@register.simple_tag(takes_context=True)
def trait(context: Mapping[str, Any], value: Any) -> SafeString | str:
    """`{% trait value %}`: dates by the workspace's calendar, figures in the page's digits, addresses left to right, text as written."""
    formats = formats_of(context)
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (int, float)):
        return format_html('<span class="num">{}</span>', formats.digits(value))
    if isinstance(value, str):
        shown = _moment_of(value)
        if shown is not None:
            text = formats.moment(shown) if isinstance(shown, datetime) else formats.day(shown)
            return format_html('<time datetime="{}">{}</time>', value, text)
        text = value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
        return ltr(text) if _CODE.fullmatch(text) else user(text)
    return ltr(_short(value))


@register.filter
def get(found: Any, key: Any) -> Any:
    """`{{ words|get:key }}`: what a mapping has for the key, else the key itself."""
    return found.get(key, key) if isinstance(found, Mapping) else key


@register.filter
def in_language(texts: Any, language: str) -> str:
    """`{{ title|in_language:LANGUAGE_CODE }}`: of a mapping language → text."""
    if not isinstance(texts, Mapping):
        return ""
    tongue = "fa" if language.startswith("fa") else "en"
    return str(texts.get(tongue) or next((text for text in texts.values() if text), ""))


def _moment_of(text: str) -> date | None:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    return None


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


@register.filter
def in_digits(number: object, request: Any) -> str:
    """`{{ n|in_digits:request }}`: a figure for a sentence, in the page's digits."""
    return str(request.formats.number(number))


@register.filter
def typed(value: Any, request: Any) -> str:
    """`{{ value|typed:request }}`: as it stands in an input: dates by the workspace's calendar, what is no text as JSON."""
    if isinstance(value, str):
        shown = _moment_of(value)
        return request.formats.as_typed(shown) if shown is not None and not isinstance(shown, datetime) else value
    return json.dumps(value, ensure_ascii=False)
