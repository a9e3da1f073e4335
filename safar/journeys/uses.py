"""Which journeys, campaigns, segments and templates name a tag or a topic: for whoever is about to change or delete it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from safar.accounts.models import Workspace
from safar.content.models import Template
from safar.journeys.definition.model import LANGUAGES
from safar.journeys.models import ARCHIVED, Journey, Version
from safar.journeys.starting_points.segment_once import SegmentOnce
from safar.segments.models import Segment

TAG, TOPIC = "tag", "topic"  # the word that stands before a name, in conditions and parameters alike


@dataclass(frozen=True)
class User:
    """key, and title: language → text."""

    key: str
    title: Mapping[str, str]


@dataclass
class Uses:
    """Each in its order, archived journeys left out. A campaign is no journey here."""

    journeys: list[User] = field(default_factory=list)
    campaigns: list[User] = field(default_factory=list)
    segments: list[User] = field(default_factory=list)
    templates: list[User] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.journeys or self.campaigns or self.segments or self.templates)


def uses_of(workspace: Workspace, word: str) -> dict[str, Uses]:
    """Name → who uses it, drafts and versions read alike. word: TAG or TOPIC. Three statements, a fourth for topics."""
    found: dict[str, Uses] = defaultdict(Uses)
    kept = {
        each.pk: each for each in Journey.objects.filter(workspace=workspace).exclude(state=ARCHIVED).order_by("id")
    }
    texts: dict[int, list[Any]] = {number: [json.loads(each.draft)] for number, each in kept.items() if each.draft}
    for number, text in Version.objects.filter(journey__in=kept).values_list("journey_id", "definition"):
        texts.setdefault(number, []).append(json.loads(text))
    for number, journey in kept.items():
        read = texts.get(number, [])
        names = {name for data in read for name in names_in(data, word)}
        titles = [
            data["title"] for data in read if isinstance(data, Mapping) and isinstance(data.get("title"), Mapping)
        ]
        user = User(journey.key, _texts(titles[0] if titles else {}))
        for name in names:
            (found[name].campaigns if any(map(_is_campaign, read)) else found[name].journeys).append(user)
    rows = Segment.objects.filter(workspace=workspace).order_by("id").values_list("key", "title", "condition")
    for key, title, condition in rows:
        for name in set(names_in(json.loads(condition), word)):
            found[name].segments.append(User(key, _texts(title)))
    if word == TOPIC:
        kept_templates = Template.objects.filter(workspace_id=workspace.pk).exclude(topic="").order_by("key")
        for each in kept_templates:
            found[each.topic].templates.append(User(each.key, dict.fromkeys(LANGUAGES, each.title)))
    return dict(found)


def names_in(data: Any, word: str) -> Iterator[str]:
    """What stands as ``tag: name`` anywhere but in a `where`, which is about properties of events."""
    todo = [data]
    while todo:
        part = todo.pop()
        if isinstance(part, list):
            todo += part
        elif isinstance(part, Mapping):
            todo += [value for key, value in part.items() if key != "where"]
            if isinstance(part.get(word), str):
                yield part[word]


def _is_campaign(data: Any) -> bool:
    starts = data.get("start") if isinstance(data, Mapping) else None
    kinds = (
        {start.get("kind") for start in starts.values() if isinstance(start, Mapping)}
        if isinstance(starts, Mapping)
        else set()
    )
    return kinds == {SegmentOnce.key}


def _texts(title: Any) -> dict[str, str]:
    return {name: text for name, text in title.items() if isinstance(text, str)} if isinstance(title, Mapping) else {}
