"""A template as it stands in a file, and as it is stored. Pure.

A language of a file says an e-mail's body in one way: ``blocks`` (a list of blocks, blocks.py; ``look`` beside it), ``mjml``, or ``html``. What is
stored keeps the first two as ``document`` and what they compile to as ``html``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.content.blocks import DocumentFault
from safar.content.mjml import compile_document
from safar.lib.faults import Faults, said, told

DRAWN = ("blocks", "look", "mjml")  # parts of an e-mail in a file that are stored as its document
BODIES = ("blocks", "mjml", "html")
_UNSAID = {"fallbacks": {}, "strict": False, "once_more": False, "sender": "", "topic": "", "tracking": {}, "title": ""}


def compile_drawn(written: Mapping[str, Any], faults: Faults) -> tuple[dict[str, Any], dict[str, Any]]:
    """(languages with ``html`` in place of what was drawn, documents by language). What cannot be compiled is a fault at its place;
    whatever else is wrong is left for ``check_template``, which judges what comes out.
    """
    languages = written.get("languages")
    done: dict[str, Any] = {}
    documents: dict[str, Any] = {}
    for language, parts in languages.items() if isinstance(languages, Mapping) else ():
        if (
            written.get("channel") != "email"
            or not isinstance(parts, Mapping)
            or not any(part in parts for part in DRAWN)
        ):
            done[language] = parts
            continue
        here = faults.at("languages", language)
        done[language] = {name: text for name, text in parts.items() if name not in DRAWN}
        bodies = [name for name in BODIES if name in parts]
        if len(bodies) != 1:
            here.add(
                said("has to say the message in one of %(known)s", known=", ".join(BODIES))
                if bodies
                else said("has a look and no blocks")
            )
            done[language]["html"] = "-"  # else it would be said to have no text as well
            continue
        documents[language] = document = _document(parts)
        try:
            done[language]["html"] = compile_document(document, str(language))
        except DocumentFault as fault:
            place = "mjml" if fault.place == "source" and "mjml" in parts else fault.place
            here.at(*place.split(".")).add(told(fault))
            done[language]["html"] = "-"
    return done, documents


def as_written(template: Any) -> dict[str, Any]:
    """What a file says to have this very template (a models.Template) stored; what is as usual is left out."""
    found: dict[str, Any] = {"channel": template.channel}
    kept = {name: getattr(template, name, usual) for name, usual in _UNSAID.items()}
    found |= {name: value for name, value in kept.items() if value != _UNSAID[name]}
    found["languages"] = {
        language: _parts(parts, template.document.get(language)) for language, parts in template.languages.items()
    }
    return found


def _document(parts: Mapping[str, Any]) -> dict[str, Any]:
    if "mjml" in parts:
        return {"kind": "mjml", "source": parts["mjml"]}
    look = {"look": parts["look"]} if parts.get("look") else {}
    return {"kind": "blocks", "blocks": parts["blocks"], **look}


def _parts(parts: Mapping[str, Any], document: Mapping[str, Any] | None) -> dict[str, Any]:
    if not document:
        return dict(parts)
    plain = {name: text for name, text in parts.items() if name != "html"}
    if document.get("kind") == "mjml":
        return {**plain, "mjml": document.get("source", "")}
    look = {"look": document["look"]} if document.get("look") else {}
    return {**plain, **look, "blocks": _unnamed(document.get("blocks", []))}


def _unnamed(value: Any) -> Any:
    """Blocks without the ids that an editor gives them."""
    if isinstance(value, list):
        return [_unnamed(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _unnamed(one) for name, one in value.items() if name != "id"}
    return value
