"""`{% navigation as entries %}` (safar/console/nav.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from safar.console import nav

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: Mapping[str, Any]) -> list[nav.Shown]:
    """The lines this member sees on this page."""
    return list(nav.navigation(context["request"]))
