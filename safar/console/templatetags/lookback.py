"""`{% load lookback %}`: money in another unit than the workspace's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from safar.console.templatetags.formats import formats_of
from safar.content.filters import UNITS

register = template.Library()


@register.simple_tag(takes_context=True)
def amount(context: Mapping[str, Any], value: object, currency: str | None) -> SafeString:
    """`{% amount total "IRT" %}`: in that very unit; without one, in whatever the file is in."""
    formats = formats_of(context)
    if currency and currency == formats.currency:
        return format_html('<span class="num">{}</span>', formats.money(value))
    unit = UNITS[currency][formats.persian] if currency in UNITS else currency or ""
    return format_html('<span class="num">{}</span> {}', formats.number(value), unit)
