"""MJML to HTML by mrml, with Liquid inside left as it was. Pure.

Each piece of Liquid is taken out before and put back after: mrml reads XML, and `{% if a < b %}` is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import mrml

from safar.content.blocks import DocumentFault, to_mjml
from safar.content.guard import Guard
from safar.content.html import direction_of
from safar.content.liquid import LARGEST_SOURCE
from safar.lib.faults import said

# mrml descends as deep as the text is nested, and a stack that overflows takes the process along: 1,500 wrappers hold, 2,000 do not. No
# text with fewer elements than this is nested deeper.
MOST_ELEMENTS = 800
_ELEMENT = re.compile(r"<\s*[A-Za-z]")
_ROOT = re.compile(r"<mjml\b([^>]*)>")
_NOTHING = mrml.ParserOptions(include_loader=mrml.noop_loader())
_OPTIONS = mrml.RenderOptions(fonts={})  # else every message asks Google for a font


def compile_document(document: Mapping[str, Any], language: str) -> str:
    """The HTML of a document: {"kind": "blocks", "blocks": […], "look": {…}} or {"kind": "mjml", "source": "<mjml>…"}.

    Raises DocumentFault in words for whoever wrote it.
    """
    guard = Guard()
    if document.get("kind") == "mjml":
        source = document.get("source")
        if not isinstance(source, str) or not source.strip():
            raise DocumentFault("source", said("has no text"))
        return guard.give_back(compile_mjml(_directed(guard.take(source), language)))
    return guard.give_back(compile_mjml(to_mjml(document, language, guard)))


def compile_mjml(source: str) -> str:
    """HTML. No part of it is read from elsewhere. Raises DocumentFault."""
    if len(source) > LARGEST_SOURCE:
        raise DocumentFault(
            "source", said("the text is longer than %(largest_source)s characters", largest_source=LARGEST_SOURCE)
        )
    if len(_ELEMENT.findall(source)) > MOST_ELEMENTS:
        raise DocumentFault("source", said("has more than %(most_elements)s elements", most_elements=MOST_ELEMENTS))
    try:
        return str(mrml.to_html(source, parser_options=_NOTHING, render_options=_OPTIONS).content)
    except (OSError, ValueError) as error:
        raise DocumentFault("source", said("this MJML cannot be read: %(error)s", error=error)) from None


def _directed(source: str, language: str) -> str:
    """Written MJML says its language and direction, unless its writer said another one."""
    found = _ROOT.search(source)
    if found is None:
        return source
    attributes = found[1]
    for name, value in (("lang", language), ("dir", direction_of(language))):
        if not re.search(rf"\b{name}\s*=", attributes):
            attributes += f' {name}="{value}"'
    return f"{source[: found.start()]}<mjml{attributes}>{source[found.end() :]}"
