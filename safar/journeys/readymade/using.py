"""Takes a journey from the shelf: its templates and segments into the workspace, the journey as a draft. Nothing that is there is overwritten."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, transaction

from safar.accounts.models import Workspace
from safar.content.models import Template
from safar.content.services import apply_templates
from safar.content.written import as_written
from safar.journeys.models import Journey
from safar.journeys.readymade.shelf import SITE, find_ready_made, read_segments, read_templates
from safar.journeys.services import apply_journey
from safar.segments.services import apply_segments, written_segments

_LONGEST = 64  # letters of a key
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True)
class Used:
    """journey: the draft's key. made: False where it stood there already, untouched. templates, segments: key on the shelf → key in the
    workspace; another one where the workspace's own of that name is another."""

    journey: str
    made: bool
    templates: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)


def use_ready_made(
    workspace: Workspace, key: str, *, languages: Sequence[str] = (), site: str = SITE, control_group: int = 0
) -> Used:
    """Makes it a draft. languages: of the messages, the workspace's own if left out; site: the shop's address without https://; control_group:
    per cent held out where the journey has a goal and names none.

    What is there under a key and equal is used as it is; what is there and differs stays, and a free key is taken. Raises Refused where
    there is no such journey. In one transaction: all of it or nothing.
    """
    spoken = list(languages) or [workspace.language]
    draft = dict(find_ready_made(key, workspace.language).draft)
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        templates = _place_templates(workspace, read_templates(key, spoken, site))
        segments = _place_segments(workspace, read_segments(key))
        draft = _renamed(draft, templates, segments)
        if control_group and draft["settings"].get("goal"):
            draft["settings"] = {"control_group": control_group, **draft["settings"]}
        kept = {each.key: each.draft for each in Journey.objects.filter(workspace=workspace)}

        def same(name: str) -> bool:
            return bool(kept[name]) and json.loads(kept[name]) == {**draft, "journey": name}

        draft["journey"] = _free(key, kept, same)
        made = draft["journey"] not in kept
        if made:
            apply_journey(workspace, json.dumps(draft, ensure_ascii=False))
    return Used(draft["journey"], made, templates, segments)


def known_site(workspace: Workspace) -> str:
    """The address of the shop, without https://, as its products say it; shop.example while none does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT url FROM product WHERE workspace_id = %s AND url IS NOT NULL ORDER BY seen_at DESC, id LIMIT 1",
            [workspace.pk],
        )
        row = cursor.fetchone()
    try:
        site = (urlsplit(row[0]).hostname or "") if row else ""
    except ValueError:  # an address that is none
        site = ""
    return site if _HOST.fullmatch(site) else SITE


def _place_templates(workspace: Workspace, templates: Mapping[str, Any]) -> dict[str, str]:
    there = {each.key: each for each in Template.objects.filter(workspace_id=workspace.pk)}
    placed: dict[str, str] = {}
    fresh: dict[str, Any] = {}
    for key, written in templates.items():

        def same(name: str, written: Mapping[str, Any] = written) -> bool:
            kept = as_written(there[name])
            return all(kept.get(word) == value for word, value in written.items() if word != "title")

        placed[key] = _free(key, there, same)
        if placed[key] not in there:
            fresh[placed[key]] = written
    if fresh:
        apply_templates(workspace, fresh)
    return placed


def _place_segments(workspace: Workspace, segments: Mapping[str, Any]) -> dict[str, str]:
    there = written_segments(workspace)
    placed: dict[str, str] = {}
    fresh: dict[str, Any] = {}
    for key, written in segments.items():

        def same(name: str, written: Mapping[str, Any] = written) -> bool:
            return bool(there[name] == written["condition"])

        placed[key] = _free(key, there, same)
        if placed[key] not in there:
            fresh[placed[key]] = written
    if fresh:
        apply_segments(workspace, fresh)
    return placed


def _free(key: str, there: Collection[str], same: Callable[[str], bool]) -> str:
    """The key, or the first of key-2, key-3… that is free or holds the same."""
    number, name = 1, key
    while name in there and not same(name):
        number += 1
        name = f"{key[: _LONGEST - 4]}-{number}"
    return name


def _renamed(value: Any, templates: Mapping[str, str], segments: Mapping[str, str]) -> Any:
    """The definition with the keys that the workspace knows templates and segments by."""
    if isinstance(value, list):
        return [_renamed(each, templates, segments) for each in value]
    if not isinstance(value, Mapping):
        return value
    changed = {word: _renamed(each, templates, segments) for word, each in value.items()}
    for word, names in (("template", templates), ("segment", segments)):
        if isinstance(changed.get(word), str):
            changed[word] = names.get(changed[word], changed[word])
    if changed.get("entry") == "segment" and isinstance(changed.get("is"), str):
        changed["is"] = segments.get(changed["is"], changed["is"])
    return changed
