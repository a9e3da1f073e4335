"""Templates as journeys use them: who sends one, and whether as marketing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from safar.accounts.models import Workspace
from safar.journeys.models import ARCHIVED, Journey, Version


@dataclass
class Use:
    """journeys: id → key of those whose draft or any version sends it; titles: key → its title, as its definition says it (a text, or one for each
    language). marketing: one of the sendings is; so for what nobody sends.
    """

    journeys: dict[int, str] = field(default_factory=dict)
    titles: dict[str, Any] = field(default_factory=dict)
    classes: set[str] = field(default_factory=set)

    @property
    def marketing(self) -> bool:
        return not self.classes or "marketing" in self.classes


def use_of_templates(workspace: Workspace) -> dict[str, Use]:
    """Template → its use; archived journeys do not count. Two statements."""
    found: dict[str, Use] = defaultdict(Use)
    kept = {each.pk: each for each in Journey.objects.filter(workspace=workspace).exclude(state=ARCHIVED)}
    texts = [(number, each.draft) for number, each in kept.items() if each.draft]
    texts += Version.objects.filter(journey__in=kept).values_list("journey_id", "definition")
    for number, text in texts:
        definition = json.loads(text)
        for template, sort in sendings_of(definition):
            found[template].journeys[number] = kept[number].key
            found[template].titles.setdefault(kept[number].key, definition.get("title"))
            found[template].classes.add(sort)
    return dict(found)


def sendings_of(definition: Any) -> Iterator[tuple[str, str]]:
    """(template, class) of every point; a draft may hold anything."""
    points = definition.get("points") if isinstance(definition, Mapping) else None
    for point in points.values() if isinstance(points, Mapping) else ():
        if not isinstance(point, Mapping) or not str(point.get("kind", "")).startswith("send_"):
            continue
        variants = point.get("variants")
        some = variants.values() if isinstance(variants, Mapping) else ()
        for one in (point, *(one for one in some if isinstance(one, Mapping))):
            if isinstance(one.get("template"), str):
                yield one["template"], str(point.get("class") or "marketing")
