"""What people do to journeys: apply, publish, pause, resume, archive, list, look at the figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import psycopg
from django.db import connection as database
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from safar.accounts.models import Workspace
from safar.accounts.services import COMMAND_LINE
from safar.channels.notices.destinations import list_names
from safar.channels.notices.gathering import is_known
from safar.content.models import Template
from safar.journeys.backtest.figures import Figures, read_figures
from safar.journeys.definition.dump import dump_yaml
from safar.journeys.definition.model import Definition
from safar.journeys.definition.parse import parse_definition
from safar.journeys.engine.load import load_plan, touch_plan
from safar.journeys.engine.publishing import open_publishing
from safar.journeys.hours.reckoning import reckon_if_due
from safar.journeys.kinds import StateStart
from safar.journeys.models import ARCHIVED, LIVE, PAUSED, Journey, Version
from safar.lib.faults import Fault, Refused, did_you_mean, said
from safar.outbox.holds import hold, let_go
from safar.segments.catalog import Catalog
from safar.segments.models import Segment
from safar.segments.services import read_segments

OVERTAKEN = Fault("", said("somebody has changed the draft since; look at it again before you publish it"))


@dataclass(frozen=True)
class Applied:
    """key; changed: the draft is another than before; made: the journey is new."""

    key: str
    changed: bool
    made: bool


@dataclass(frozen=True)
class Published:
    """number: of the version. changed: False where there was nothing new. publishing: what engines read everybody for, where they have to."""

    key: str
    number: int
    changed: bool
    publishing: int | None


def catalog_of(workspace: Workspace) -> Catalog:
    """What a definition of the workspace may name."""
    return Catalog(segments=read_segments(workspace))


def apply_journey(workspace: Workspace, text: str | bytes) -> Applied:
    """Checks a definition (YAML or JSON) and keeps it as the journey's draft; nobody on the road is touched. Raises Refused."""
    definition = parse_definition(text, catalog_of(workspace))
    draft = definition.to_json()
    with transaction.atomic():
        journey, made = Journey.objects.select_for_update().get_or_create(
            workspace=workspace, key=definition.key, defaults={"draft": draft}
        )
        changed = made or journey.draft != draft
        if changed and not made:
            journey.draft, journey.revision = draft, F("revision") + 1
            journey.drafted_by, journey.drafted_at = COMMAND_LINE, timezone.now()
            journey.save(update_fields=["draft", "revision", "drafted_by", "drafted_at", "updated_at"])
    return Applied(definition.key, changed, made)


def publish(
    workspace: Workspace,
    key: str,
    *,
    connection: psycopg.Connection[Any],
    now: Callable[[], datetime] | None = None,
    revision: int | None = None,
    already: bool = False,
) -> Published:
    """Makes the draft an unchangeable version and lets contacts in by it; people on the road stay on theirs.

    already: those who match already come in as well, as far as starting points are states. revision: of the draft that was looked at;
    Refused where it is another by now, or where a template that a point names does not exist. Publishing an unchanged draft makes no new
    version; where those who match already are asked for, it takes them in all the same. Whoever has to be read for it, engines read.
    """
    journey = find_journey(workspace, key)
    definition = parse_definition(journey.draft, catalog_of(workspace))
    _check_names(workspace, definition, connection)
    moment = (now or _now)()
    if any("send_at" in point.params for point in definition.points):  # people may come to it within a second
        reckon_if_due(connection, workspace.pk, moment)
    with transaction.atomic():
        locked = Journey.objects.select_for_update().get(pk=journey.pk)
        if locked.draft != journey.draft or revision not in (None, locked.revision):
            raise Refused([OVERTAKEN])
        last = Version.objects.filter(journey=locked).order_by("-number").first()
        same = last is not None and last.live and last.definition == locked.draft and locked.state == LIVE
        if last is not None and same and not already:
            return Published(key, last.number, False, None)
        version = last if last is not None and same else _new_version(locked, last)
        database.ensure_connection()  # Django's own session: the version and what engines must know of it stand or fall together
        own = cast("psycopg.Connection[Any]", database.connection)
        number = _owe(own, workspace, journey, version, definition, moment, already=already)
        touch_plan(own)
    let_go(connection, workspace_id=workspace.pk, journey_id=journey.pk)
    return Published(key, version.number, not same, number)


def _now() -> datetime:
    return datetime.now(UTC)


def _new_version(journey: Journey, last: Version | None) -> Version:
    Version.objects.filter(journey=journey, live=True).update(live=False)
    journey.state = LIVE
    journey.save(update_fields=["state", "updated_at"])
    return Version.objects.create(journey=journey, number=(last.number if last else 0) + 1, definition=journey.draft)


def _owe(
    own: psycopg.Connection[Any],
    workspace: Workspace,
    journey: Journey,
    version: Version,
    definition: Definition,
    at: datetime,
    *,
    already: bool,
) -> int | None:
    """Has everybody read for the publishing, where there is anything to read them for."""
    watched = definition.watched_segments()
    segments = list(Segment.objects.filter(workspace=workspace, key__in=watched).values_list("id", flat=True))
    states = any(isinstance(start.kind, StateStart) for start in definition.starts)
    if not (segments or states or already):
        return None
    return open_publishing(
        own,
        workspace_id=workspace.pk,
        journey_id=journey.pk,
        version_id=version.pk,
        at=at,
        segments=segments,
        already=already,
    )


def pause(workspace: Workspace, key: str, *, connection: psycopg.Connection[Any]) -> None:
    """Nobody enters and nobody moves; queued messages of the journey are held."""
    journey = find_journey(workspace, key)
    if journey.state != LIVE:
        raise Refused(
            [
                Fault(
                    "journey",
                    said("'%(key)s' is %(state)s; only a live journey can be paused", key=key, state=journey.state),
                )
            ]
        )
    _set_state(journey, PAUSED, connection)
    hold(connection, workspace_id=workspace.pk, journey_id=journey.pk, reason="paused")


def resume(workspace: Workspace, key: str, *, connection: psycopg.Connection[Any]) -> None:
    """Held people go on by their own clock."""
    journey = find_journey(workspace, key)
    if journey.state != PAUSED:
        raise Refused(
            [
                Fault(
                    "journey",
                    said("'%(key)s' is %(state)s; only a paused journey can be resumed", key=key, state=journey.state),
                )
            ]
        )
    _set_state(journey, LIVE, connection)
    let_go(connection, workspace_id=workspace.pk, journey_id=journey.pk)
    with connection.transaction():
        connection.execute(
            "INSERT INTO timer (lane, slot, subjects) SELECT b.lane, least(coalesce(e.held_at, 'infinity'), coalesce(e.wake_at, 'infinity'),"
            " coalesce(e.flip_at, 'infinity'), coalesce(e.exit_flip_at, 'infinity')), array_agg(e.contact_id)"
            " FROM enrollment e JOIN bucket_lane b ON b.bucket = e.bucket WHERE e.journey_id = %s AND e.state = 0"
            " AND least(e.held_at, e.wake_at, e.flip_at, e.exit_flip_at) IS NOT NULL GROUP BY 1, 2",
            (journey.pk,),
        )
        touch_plan(connection)


def archive(workspace: Workspace, key: str, *, connection: psycopg.Connection[Any]) -> int:
    """Ends the journey for good: its people leave (reason archived). Returns how many."""
    journey = find_journey(workspace, key)
    _set_state(journey, ARCHIVED, connection)
    people = 0
    for (lane,) in connection.execute("SELECT id FROM lane ORDER BY id").fetchall():
        with connection.transaction():
            connection.execute("SELECT FROM lane WHERE id = %s FOR UPDATE", (lane,))
            rows = connection.execute(
                "WITH gone AS (UPDATE enrollment e SET state = 2, reason = 'archived', ended_at = now() FROM bucket_lane b"
                " WHERE b.bucket = e.bucket AND b.lane = %(lane)s AND e.journey_id = %(journey)s AND e.state = 0"
                " RETURNING e.bucket, e.contact_id, e.version_id, e.place),"
                " counts AS (INSERT INTO passage_count (lane, version_id, stretch, decisions, hour, n)"
                " SELECT %(lane)s, version_id, -4, 5 * 256 + coalesce(place, 255), date_bin('1 hour', now(), 'epoch'), count(*) FROM gone GROUP BY 2, 4),"
                " watches AS (DELETE FROM contact_watch w USING bucket_lane b WHERE b.bucket = w.bucket AND b.lane = %(lane)s AND w.kind = 1"
                " AND w.watch_id / 4 = %(journey)s)"
                " SELECT count(*) FROM gone",
                {"lane": lane, "journey": journey.pk},
            ).fetchone()
            people += rows[0] if rows else 0
    return people


def find_journey(workspace: Workspace, key: str) -> Journey:
    """Raises Refused with the nearest key."""
    journey = Journey.objects.filter(workspace=workspace, key=key).first()
    if journey is None:
        known = Journey.objects.filter(workspace=workspace).values_list("key", flat=True)
        raise Refused(
            [
                Fault(
                    "journey",
                    said(
                        "there is no journey '%(key)s' in %(slug)s%(hint)s",
                        key=key,
                        slug=workspace.slug,
                        hint=did_you_mean(key, known),
                    ),
                )
            ]
        )
    return journey


def live_definition(workspace: Workspace, key: str) -> tuple[Definition, int | None]:
    """The published definition with its version's number, or the draft with None."""
    journey = find_journey(workspace, key)
    version = Version.objects.filter(journey=journey, live=True).first()
    catalog = catalog_of(workspace)
    if version is None:
        return parse_definition(journey.draft, catalog), None
    return parse_definition(version.definition, catalog), version.number


def list_journeys(workspace: Workspace) -> list[dict[str, Any]]:
    """key, title, state, version, edited (the draft is another than the live version), in the order of journeys."""
    found = []
    for journey in Journey.objects.filter(workspace=workspace).order_by("id"):
        version = Version.objects.filter(journey=journey, live=True).first()
        source = json.loads(journey.draft or (version.definition if version else "{}"))
        found.append(
            {
                "key": journey.key,
                "title": source.get("title") or journey.key,
                "state": journey.state,
                "version": version.number if version else None,
                "edited": bool(version and journey.draft != version.definition),
                "updated_at": timezone.localtime(journey.updated_at).isoformat(),
            }
        )
    return found


def figures(connection: psycopg.Connection[Any], workspace: Workspace, key: str) -> Figures:
    """Of the live version. Raises Refused where the journey was never published."""
    journey = find_journey(workspace, key)
    plan = load_plan(connection, [workspace.pk])
    found = plan.journeys.get(journey.pk)
    if found is None or found.live is None:
        raise Refused([Fault("journey", said("'%(key)s' was never published", key=key))])
    return read_figures(connection, found.live)


def export(workspace: Workspace, key: str) -> str:
    """The draft as YAML."""
    return dump_yaml(json.loads(find_journey(workspace, key).draft))


def _set_state(journey: Journey, state: str, connection: psycopg.Connection[Any]) -> None:
    journey.state = state
    journey.save(update_fields=["state", "updated_at"])
    touch_plan(connection)


def _check_names(workspace: Workspace, definition: Definition, connection: psycopg.Connection[Any]) -> None:
    """Refused where a point names a template, or a destination of notices, that does not exist."""
    templates = set(Template.objects.filter(workspace_id=workspace.pk).values_list("key", flat=True))
    destinations = list_names(connection, workspace.pk)
    faults = []
    for point in definition.points:
        for parameter in point.kind.parameters:
            name = point.params.get(parameter.name)
            if not isinstance(name, str):
                continue
            words = ""
            if parameter.type == "template" and name not in templates:
                words = said(
                    "there is no template '%(name)s' in %(slug)s%(hint)s",
                    name=name,
                    slug=workspace.slug,
                    hint=did_you_mean(name, templates),
                )
            elif parameter.type == "destination" and not is_known(name, destinations):
                words = said(
                    "there is no destination of notices '%(name)s' in %(slug)s%(hint)s",
                    name=name[:80],
                    slug=workspace.slug,
                    hint=did_you_mean(name, destinations),
                )
            if words:
                faults.append(Fault(f"points.{point.key}.{parameter.name}", words))
    if faults:
        raise Refused(faults)
