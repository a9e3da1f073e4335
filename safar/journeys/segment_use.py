"""Segments as journeys use them: who names one, changing one under live journeys, deleting one that nobody names."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

import psycopg
from django.db import connection as database
from django.db import transaction

from safar.accounts.models import Workspace
from safar.journeys.definition.model import LANGUAGES
from safar.journeys.definition.parse import parse_definition
from safar.journeys.engine.load import load_plan, touch_plan
from safar.journeys.engine.publishing import open_publishing
from safar.journeys.models import ARCHIVED, Journey, Version
from safar.journeys.services import catalog_of
from safar.journeys.uses import names_in
from safar.lib.faults import Fault, Refused, said
from safar.segments.models import Segment
from safar.segments.saved import names_segments
from safar.segments.services import apply_segments, written_segments

_FORMS = "SELECT key FROM form WHERE workspace_id = %s AND definition ->> 'segment' = %s ORDER BY key"


def journeys_by_segment(workspace: Workspace) -> dict[str, list[str]]:
    """Segment → keys of the journeys whose draft or any version names it; archived ones do not count."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for journey, text in _texts(workspace):
        for segment in set(names_in(json.loads(text), "segment")):
            found[segment][journey] = None
    return {segment: list(journeys) for segment, journeys in found.items()}


def segments_by_segment(workspace: Workspace) -> dict[str, list[str]]:
    """Segment → keys of the other segments whose condition names it."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, condition in written_segments(workspace).items():
        for named in names_segments(condition):
            found[named].append(key)
    return dict(found)


def put_segment(workspace: Workspace, key: str, written: Mapping[str, Any]) -> bool:
    """Makes or replaces a segment and tells the engines; members of one that a starting point waits for are read anew.

    written: {condition, title}. False where nothing changed. Raises Refused with places below the segment itself, also where a
    journey could not be read any more.
    """
    _check_title(written.get("title"))
    try:
        with transaction.atomic():
            if not apply_segments(workspace, {key: written}):
                return False
            _check_journeys(workspace)
            database.ensure_connection()
            _read_anew(cast("psycopg.Connection[Any]", database.connection), workspace, key)
    except Refused as refused:
        inside = f"segments.{key}"
        raise Refused(_moved(fault, inside) for fault in refused.faults) from None
    return True


def _read_anew(own: psycopg.Connection[Any], workspace: Workspace, key: str) -> None:
    """Tells the engines; they read everybody for the segment where its members are kept."""
    watched = {number for number, _ in load_plan(own, [workspace.pk]).workspaces[workspace.pk].segments}
    segments = list(Segment.objects.filter(workspace=workspace, key=key, id__in=watched).values_list("id", flat=True))
    if segments:
        open_publishing(own, workspace_id=workspace.pk, at=datetime.now(UTC), segments=segments)
    touch_plan(own)


def delete_segment(workspace: Workspace, key: str, *, connection: psycopg.Connection[Any]) -> None:
    """Deletes a segment that nobody names. Raises Refused (place ``journey``, ``segment`` or ``form``) while somebody does."""
    users = [
        Fault("journey", said("the journey '%(name)s' uses it", name=name))
        for name in journeys_by_segment(workspace).get(key, [])
    ]
    users += [
        Fault("segment", said("the segment '%(name)s' uses it", name=name))
        for name in segments_by_segment(workspace).get(key, [])
    ]
    users += [
        Fault("form", said("the form '%(name)s' uses it", name=name))
        for (name,) in connection.execute(_FORMS, (workspace.pk, key)).fetchall()
    ]
    if users:
        raise Refused(users)
    found = Segment.objects.filter(workspace=workspace, key=key).first()
    if found is None:
        return
    with transaction.atomic():
        found.delete()
    touch_plan(connection)


def _check_title(title: Any) -> None:
    if title is None or title == {}:
        return
    if not isinstance(title, Mapping) or any(name not in LANGUAGES for name in title):
        raise Refused([Fault("title", said("has to be a text for each language: {en: …, fa: …}"))])
    wrong = [name for name, text in title.items() if not isinstance(text, str) or len(text) > 200]
    if wrong:
        raise Refused(Fault(f"title.{name}", said("has to be a text of at most 200 characters")) for name in wrong)


def _check_journeys(workspace: Workspace) -> None:
    catalog = catalog_of(workspace)
    for journey, text in _texts(workspace, drafts=False):
        try:
            parse_definition(text, catalog)
        except Refused as refused:
            why = f"the journey '{journey}' could not be read any more: {refused.faults[0]}"
            raise Refused([Fault("condition", why)]) from None


def _texts(workspace: Workspace, *, drafts: bool = True) -> Iterator[tuple[str, str]]:
    """(journey, definition) of every draft and version. The engine reads all versions, whoever stands on them."""
    kept = Journey.objects.filter(workspace=workspace).exclude(state=ARCHIVED).order_by("id")
    if drafts:
        yield from ((each.key, each.draft) for each in kept if each.draft)
    versions = Version.objects.filter(journey__in=kept).select_related("journey").order_by("journey_id", "number")
    yield from ((each.journey.key, each.definition) for each in versions)


def _moved(fault: Fault, inside: str) -> Fault:
    """segments.vip.all.0 → condition.all.0."""
    if fault.place == inside or fault.place.startswith(f"{inside}."):
        return Fault(f"condition{fault.place.removeprefix(inside)}", fault.message, fault.line)
    return fault
