"""`{% load events %}`: times to the second, types of properties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.urls import NoReverseMatch
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from safar.console.access import to
from safar.console.faults import say
from safar.console.templatetags.formats import formats_of

register = template.Library()

TYPES = {
    "text": _("text"),
    "number": _("number"),
    "boolean": _("yes or no"),
    "object": _("object"),
    "list": _("list"),
    "null": _("nothing"),
}


@register.simple_tag(takes_context=True)
def clock(context: Mapping[str, Any], at: datetime) -> SafeString:
    """`{% clock at %}`: 14:05:09 in the workspace's zone, with the whole moment as title."""
    formats = formats_of(context)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', formats.iso(at), formats.moment(at), formats.write(at, "%T")
    )


@register.simple_tag(takes_context=True)
def contact_address(context: Mapping[str, Any], contact: int) -> str:
    """`{% contact_address id as address %}`: of the contact's page; empty where there is none."""
    try:
        return to(context["request"], "contact", contact=contact)
    except NoReverseMatch:
        return ""


@register.filter
def in_words(message: str) -> str:
    """`{{ fault.message|in_words }}`: a fault that was kept, in the page's language."""
    return say(message)


@register.simple_tag
def property_type(kind: str) -> str:
    """`{% property_type "number" %}`: in words."""
    return str(TYPES.get(kind, kind))
