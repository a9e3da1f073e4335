"""Drafts while somebody works on them: kept with their faults, saved against a revision, made, copied, restored.

A draft that is kept is plain data with the journey's own key; whatever else is wrong with it is told beside it, with
the place. Only publishing refuses it (``services.publish``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from safar.accounts.models import Workspace
from safar.content.models import Template
from safar.journeys.definition.collecting import collecting
from safar.journeys.definition.model import Definition
from safar.journeys.definition.parse import parse_definition
from safar.journeys.definition.plain import check_plain, copy_plain
from safar.journeys.definition.sections import ID, MAX_POINTS, NO_ID
from safar.journeys.definition.yaml12 import load_yaml
from safar.journeys.models import Journey, Version
from safar.journeys.services import catalog_of, find_journey
from safar.lib.faults import Fault, Refused, did_you_mean, said

Draft = Mapping[str, Any]
EMPTY: Draft = {"start": {}, "points": {}}
MOST_KEPT = 2 * MAX_POINTS  # a draft may be over the limit while one cuts it down, but not without end


@dataclass(frozen=True)
class Checked:
    """definition: None where there are faults."""

    faults: tuple[Fault, ...]
    definition: Definition | None


@dataclass(frozen=True)
class Saved:
    """revision: of the draft as it is kept now."""

    revision: int
    checked: Checked


@dataclass(frozen=True)
class Overtaken:
    """Somebody else has saved since; nothing was written. The draft as it is kept, and who made it so."""

    revision: int
    draft: Draft
    by: str


def check_draft(workspace: Workspace, draft: Draft) -> Checked:
    """Every fault of the draft, templates that do not exist among them."""
    known = Template.objects.filter(workspace_id=workspace.pk).values_list("key", flat=True)
    catalog = replace(catalog_of(workspace), templates=tuple(known))
    try:
        return Checked((), parse_definition(draft, catalog))
    except Refused as refused:
        return Checked(refused.faults, None)


def read_draft(journey: Journey) -> Draft:
    """The draft as it is kept; its keys in the order in which they were written."""
    found: Draft = json.loads(journey.draft) if journey.draft else {"journey": journey.key, **EMPTY}
    return found


def read_text(text: str | bytes) -> Draft:
    """YAML or JSON that somebody typed or pasted, as plain data. Raises Refused where it is neither, with the line."""
    data = load_yaml(text).data
    if not isinstance(data, Mapping):
        raise Refused([Fault("", said("a definition is a mapping that begins with 'journey:'"))])
    return data


def save_draft(workspace: Workspace, key: str, draft: Draft, *, revision: int, by: str) -> Saved | Overtaken:
    """Keeps the draft, finished or not, if it was made from the revision that is kept; people on the road stay where they are.

    An equal draft is no change. Raises Refused where it is no plain data, too large, or another journey's.
    """
    kept = _keepable(draft, key)
    checked = check_draft(workspace, kept)
    with transaction.atomic():
        journey = Journey.objects.select_for_update().get(pk=find_journey(workspace, key).pk)
        text = _text(kept)
        if text == journey.draft:
            return Saved(journey.revision, checked)
        if revision != journey.revision:
            return Overtaken(journey.revision, read_draft(journey), journey.drafted_by)
        write_draft(journey, text, by)
    return Saved(journey.revision, checked)


def write_draft(journey: Journey, text: str, by: str) -> None:
    """In the transaction that holds the journey's row."""
    journey.draft, journey.drafted_by, journey.drafted_at = text, by[:200], timezone.now()
    journey.revision += 1
    journey.save(update_fields=["draft", "drafted_by", "drafted_at", "revision", "updated_at"])


def make_journey(workspace: Workspace, draft: Draft, *, key: str = "", by: str) -> Journey:
    """A new journey that is a draft. key: replaces the draft's own. Raises Refused where there is one of that key already."""
    key = key or str(draft.get("journey") or "")
    if not ID.fullmatch(key):
        raise Refused([Fault("journey", said("'%(key)s' is no key: %(no_id)s", key=key, no_id=NO_ID))])
    kept = _keepable({**draft, "journey": key}, key)
    with transaction.atomic():
        journey, made = Journey.objects.get_or_create(
            workspace=workspace,
            key=key,
            defaults={"draft": _text(kept), "drafted_by": by[:200], "drafted_at": timezone.now()},
        )
    if not made:
        raise Refused([Fault("journey", said("there is a journey '%(key)s' already; choose another key", key=key))])
    return journey


def copy_journey(workspace: Workspace, key: str, *, by: str) -> Journey:
    """The draft as a new journey: ``welcome`` becomes ``welcome-2``, its titles get the same number."""
    draft = dict(read_draft(find_journey(workspace, key)))
    new = free_key(workspace, key)
    number = new.rsplit("-", 1)[-1]
    title = draft.get("title")
    if isinstance(title, Mapping):
        draft["title"] = {language: f"{text} {number}" for language, text in title.items()}
    elif title:
        draft["title"] = f"{title} {number}"
    return make_journey(workspace, draft, key=new, by=by)


def free_key(workspace: Workspace, wanted: str) -> str:
    """The key itself, or with the least number that is free behind it."""
    taken = set(Journey.objects.filter(workspace=workspace).values_list("key", flat=True))
    stem, _, number = wanted.rpartition("-")
    stem = stem if stem and number.isdigit() else wanted
    keys = (f"{stem[:59]}-{each}" for each in range(2, 10_000))
    return wanted if wanted not in taken else next(each for each in keys if each not in taken)


def restore_version(workspace: Workspace, key: str, number: int, *, by: str) -> Journey:
    """The draft becomes what that version was; nothing is published by it. Raises Refused where there is no such version."""
    found = find_journey(workspace, key)
    version = Version.objects.filter(journey=found, number=number).first()
    if version is None:
        known = [str(each) for each in Version.objects.filter(journey=found).values_list("number", flat=True)]
        raise Refused(
            [
                Fault(
                    "version",
                    said(
                        "'%(key)s' has no version %(number)s%(hint)s",
                        key=key,
                        number=number,
                        hint=did_you_mean(str(number), known),
                    ),
                )
            ]
        )
    with transaction.atomic():
        journey = Journey.objects.select_for_update().get(pk=found.pk)
        if journey.draft != version.definition:
            write_draft(journey, version.definition, by)
    return journey


def _keepable(draft: Draft, key: str) -> dict[str, Any]:
    """The draft as plain data of its own. Raises Refused for what cannot be kept at all."""
    with collecting() as faults:
        check_plain(draft, faults)
        if not isinstance(draft, Mapping):
            faults.add(said("a definition is a mapping that begins with 'journey:'"))
        elif draft.get("journey") != key:
            faults.at("journey").add(
                said(
                    "is '%(value)s'; the key of a journey never changes, it is '%(key)s'",
                    value=draft.get("journey"),
                    key=key,
                )
            )
        elif isinstance(points := draft.get("points"), Mapping) and len(points) > MOST_KEPT:
            faults.at("points").add(
                said("a journey has at most %(max_points)s points, not %(n)s", max_points=MAX_POINTS, n=len(points))
            )
    kept: dict[str, Any] = copy_plain(draft)
    return kept


def _text(draft: Draft) -> str:
    return json.dumps(draft, ensure_ascii=False, separators=(",", ":"))
