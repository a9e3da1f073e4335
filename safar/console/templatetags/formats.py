"""`{% load formats %}`: figures, times and what people wrote, as every page shows them (safar/console/formats.py)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from safar.console.access import may as member_may
from safar.console.access import to as address_of
from safar.console.formats import NOTHING, Formats

register = template.Library()


def formats_of(context: Mapping[str, Any]) -> Formats:
    """The workspace's, or on a page outside of one: the language alone."""
    found = getattr(context.get("request"), "formats", None)
    language = "fa" if (get_language() or "").startswith("fa") else "en"
    return found if isinstance(found, Formats) else Formats(language, "jalali" if language == "fa" else "gregorian")


@register.simple_tag(takes_context=True)
def number(context: Mapping[str, Any], value: object, places: int | None = None) -> SafeString:
    """`{% number n %}`: digits and separators of the language, in tabular figures."""
    return format_html('<span class="num">{}</span>', formats_of(context).number(value, places))


@register.simple_tag(takes_context=True)
def percent(context: Mapping[str, Any], share: object, places: int = 1) -> SafeString:
    """`{% percent 0.125 %}`: a share from 0 to 1."""
    return format_html('<span class="num">{}</span>', formats_of(context).percent(share, places))


@register.simple_tag(takes_context=True)
def money(context: Mapping[str, Any], amount: object) -> SafeString:
    """`{% money total %}`: in the unit the workspace shows money in."""
    return format_html('<span class="num">{}</span>', formats_of(context).money(amount))


@register.simple_tag(takes_context=True)
def day(context: Mapping[str, Any], moment: date | None) -> SafeString | str:
    """`{% day at %}`: by the workspace's calendar and zone."""
    formats = formats_of(context)
    return _time(formats, moment, formats.day(moment))


@register.simple_tag(takes_context=True)
def moment(context: Mapping[str, Any], at: datetime | None) -> SafeString | str:
    """`{% moment at %}`: day and minute."""
    formats = formats_of(context)
    return _time(formats, at, formats.moment(at))


@register.simple_tag(takes_context=True)
def ago(context: Mapping[str, Any], at: datetime | None) -> SafeString | str:
    """`{% ago at %}`: "5 minutes ago", with the moment itself as title."""
    formats = formats_of(context)
    if at is None:
        return NOTHING
    return format_html('<time datetime="{}" title="{}">{}</time>', formats.iso(at), formats.moment(at), formats.ago(at))


@register.simple_tag(takes_context=True)
def span(context: Mapping[str, Any], seconds: Any) -> str:
    """`{% span seconds %}`: "3 hours"."""
    return formats_of(context).span(seconds)


@register.simple_tag(takes_context=True)
def digits(context: Mapping[str, Any], text: object) -> str:
    """`{% digits text %}`: its digits in the page's script, nothing else changed."""
    return formats_of(context).digits(text)


@register.simple_tag
def user(value: object, empty: str = NOTHING) -> SafeString:
    """`{% user name %}`: what people wrote, in its own direction whatever the page's."""
    text = "" if value is None else str(value)
    return format_html('<bdi dir="auto">{}</bdi>', text if text.strip() else empty)


@register.simple_tag
def ltr(value: object, empty: str = NOTHING) -> SafeString:
    """`{% ltr address %}`: e-mail addresses, phones, URLs, codes."""
    text = "" if value is None else str(value)
    return format_html('<bdi dir="ltr" class="ltr">{}</bdi>', text if text.strip() else empty)


@register.simple_tag(takes_context=True)
def to(context: Mapping[str, Any], name: str, *args: object, **kwargs: object) -> str:
    """`{% to "journey" key=journey.key %}`: a page of this workspace."""
    return address_of(context["request"], name, *args, **kwargs)


@register.simple_tag(takes_context=True)
def may(context: Mapping[str, Any], role: str) -> bool:
    """`{% may "editor" as can_edit %}`."""
    return member_may(context["request"].membership, role)


def _time(formats: Formats, moment: date | None, text: str) -> SafeString | str:
    if moment is None:
        return NOTHING
    return format_html('<time datetime="{}">{}</time>', formats.iso(moment), text)
