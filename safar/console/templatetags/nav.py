"""`{% navigation as entries %}` (safar/console/nav.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from safar.console import nav
from safar.console.settings import pages

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: Mapping[str, Any]) -> list[nav.Shown]:
    """The lines this member sees on this page."""
    return list(nav.navigation(context["request"]))


@register.simple_tag(takes_context=True)
def settings_pages(context: Mapping[str, Any], tab: str) -> list[tuple[str, list[pages.Page]]]:
    """`{% settings_pages tab as groups %}`: (what they are about, pages)."""
    return pages.list_pages(context["request"], tab)
