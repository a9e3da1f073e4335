"""Templates as a person edits them: made, saved against a revision, copied, deleted; each leaves an audit entry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from safar.accounts.models import Workspace
from safar.accounts.services import record
from safar.content.blocks import DocumentFault
from safar.content.mjml import compile_document
from safar.content.models import Template
from safar.content.patterns import complete_pattern
from safar.content.services import CHANNELS, LANGUAGES, PARTS, check_template
from safar.content.switches import complete_switches
from safar.lib.faults import Faults, Refused, said, told

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,127}")
FIELDS = ("title", "sender", "topic", "tracking", "strict", "once_more", "fallbacks", "languages", "document")


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody else has saved since; nothing was written. kept: what is there now."""

    kept: Template


@transaction.atomic
def make_template(workspace: Workspace, *, key: str, channel: str, title: str, by: str) -> Template:
    """An empty one in the workspace's language. Raises Refused."""
    faults = Faults()
    if channel not in CHANNELS:
        faults.at("channel").add(said("has to be one of %(known)s", known=", ".join(CHANNELS)))
    if not KEY.fullmatch(key):
        faults.at("key").add(said("has to be Latin small letters, digits, - or _"))
    elif Template.objects.filter(workspace_id=workspace.pk, key=key).exists():
        faults.at("key").add(said("there is a template of that key already"))
    if faults:
        raise Refused(faults)
    made = Template.objects.create(workspace_id=workspace.pk, key=key, channel=channel, title=title[:200])
    record(workspace, by, "make_template", f"template:{key}", {"channel": channel})
    return made


def free_key(workspace: Workspace, wanted: str) -> str:
    """A key out of a title, with a number where it is taken."""
    plain = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")[:100] or "message"
    taken = set(Template.objects.filter(workspace_id=workspace.pk, key__startswith=plain).values_list("key", flat=True))
    numbers = (plain if n == 1 else f"{plain}-{n}" for n in range(1, len(taken) + 2))
    return next(key for key in numbers if key not in taken)


@transaction.atomic
def save_template(
    workspace: Workspace, key: str, written: Mapping[str, Any], *, revision: int, by: str
) -> Template | Overtaken | None:
    """Keeps what was written (FIELDS) where nobody else has saved since ``revision``; documents are compiled.

    None where there is no such template. Raises Refused with every fault; nothing is written then.
    """
    found = Template.objects.select_for_update().filter(workspace_id=workspace.pk, key=key).first()
    if found is None:
        return None
    if found.revision != revision:
        return Overtaken(found)
    faults = Faults()
    values = complete(found.channel, written, faults)
    if not faults:
        check_template(
            {"channel": found.channel, **{n: v for n, v in values.items() if n != "document"}},
            faults,
        )
    if faults:
        raise Refused(faults)
    changed = [name for name in FIELDS if getattr(found, name) != values[name]]
    if changed:
        for name in changed:
            setattr(found, name, values[name])
        found.revision += 1
        found.save(update_fields=[*changed, "revision", "updated_at"])
        record(workspace, by, "save_template", f"template:{key}", {"changed": changed, "revision": found.revision})
    return found


@transaction.atomic
def delete_template(workspace: Workspace, key: str, *, by: str) -> bool:
    """False where there is none. Whoever asks has seen to it that no journey needs it."""
    gone, _ = Template.objects.filter(workspace_id=workspace.pk, key=key).delete()
    if gone:
        record(workspace, by, "delete_template", f"template:{key}")
    return bool(gone)


def complete(channel: str, written: Mapping[str, Any], faults: Faults) -> dict[str, Any]:
    """FIELDS as they would be stored: languages without any words left out, documents compiled into html."""
    texts, drawn = _mapping(written, "languages", faults), _mapping(written, "document", faults)
    languages: dict[str, Any] = {}
    documents: dict[str, Any] = {}
    for language in LANGUAGES:
        parts = texts.get(language) or {}
        if not isinstance(parts, Mapping):
            faults.at("languages", language).add(said("has to be a mapping of texts"))
            continue
        kept: dict[str, Any] = {
            name: parts[name] for name in PARTS[channel] if isinstance(parts.get(name), str) and parts[name]
        }
        if channel == "sms" and (pattern := complete_pattern(parts.get("pattern"))) is not None:
            kept["pattern"] = pattern
        document = drawn.get(language) if channel == "email" else None
        if isinstance(document, Mapping) and not _is_empty(document):
            kept.pop("html", None)
            try:
                kept["html"] = compile_document(document, language)
            except DocumentFault as fault:
                faults.at("document", language, *fault.place.split(".")).add(told(fault))
            documents[language] = dict(document)
        if kept:
            languages[language] = kept
    return {
        "title": str(written.get("title") or "")[:200],
        "sender": str(written.get("sender") or "")[:320],
        "topic": str(written.get("topic") or ""),
        "tracking": complete_switches(_mapping(written, "tracking", faults)),
        "strict": written.get("strict") is True,
        "once_more": written.get("once_more") is True,
        "fallbacks": dict(_mapping(written, "fallbacks", faults)),
        "languages": languages,
        "document": documents,
    }


def _is_empty(document: Mapping[str, Any]) -> bool:
    return not document.get("blocks") if document.get("kind") == "blocks" else not document.get("source")


def _mapping(written: Mapping[str, Any], name: str, faults: Faults) -> Mapping[str, Any]:
    found = written.get(name) or {}
    if isinstance(found, Mapping):
        return found
    faults.at(name).add(said("has to be a mapping"))
    return {}
