"""What people do to campaigns: keep a plan, send it, cancel it, plan another like it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from safar.accounts.models import Workspace
from safar.content.models import Template
from safar.journeys.campaigns.plan import Plan, read_plan, write_plan
from safar.journeys.campaigns.reach import count_reach
from safar.journeys.drafts import Overtaken, check_draft, free_key, make_journey, read_draft, save_draft
from safar.journeys.models import ARCHIVED, LIVE, Journey, Version
from safar.journeys.services import Published, archive, find_journey, pause, publish
from safar.lib.faults import Fault, Faults, Refused, said
from safar.segments.models import Segment

RESERVED = ("new", "reach")  # pages stand under these names

Clock = Callable[[], datetime]


def make_campaign(workspace: Workspace, plan: Plan, *, by: str, now: datetime | None = None) -> Journey:
    """A new one that is a draft. Raises Refused with places that are fields of the plan."""
    check_plan(workspace, plan, now or datetime.now(UTC))
    name = plan.title.get("en") or next(iter(plan.title.values()), "")
    return make_journey(workspace, write_plan(plan), key=free_key(workspace, _key_of(name)), by=by)


def change_campaign(
    workspace: Workspace, key: str, plan: Plan, *, revision: int, by: str, now: datetime | None = None
) -> None:
    """The plan of one that was not sent yet, made from the revision that is kept. Raises Refused."""
    journey = find_journey(workspace, key)
    _check_unsent(journey)
    check_plan(workspace, plan, now or datetime.now(UTC))
    title = read_draft(journey).get("title")
    titles = {**(title if isinstance(title, Mapping) else {}), **plan.title}
    saved = save_draft(workspace, key, {"journey": key, **write_plan(plan), "title": titles}, revision=revision, by=by)
    if isinstance(saved, Overtaken):
        raise Refused([Fault("", said("somebody has changed this campaign since; look at it again"))])


def check_plan(workspace: Workspace, plan: Plan, now: datetime) -> None:
    """Raises Refused: a segment or template that is missing, variants by two channels, a moment that is past."""
    faults = Faults()
    if not any(text.strip() for text in plan.title.values()):
        faults.at("title").add(said("is missing"))
    if not Segment.objects.filter(workspace=workspace, key=plan.segment).exists():
        faults.at("segment").add(
            said("there is no segment '%(segment)s'", segment=plan.segment) if plan.segment else said("is missing")
        )
    if plan.plain:  # of a map that says more, its points are checked as every map's are
        _check_templates(workspace, plan, faults)
    if plan.at is not None and moment_of(plan, workspace) <= now:
        faults.at("at").add(said("this moment is past"))
    if faults:
        raise Refused(faults)


def moment_of(plan: Plan, workspace: Workspace) -> datetime:
    """When it goes out by the workspace's clock. The plan has a moment."""
    assert plan.at is not None
    return plan.at.replace(tzinfo=ZoneInfo(workspace.zone)) if plan.local else plan.at


def send_campaign(
    workspace: Workspace,
    key: str,
    *,
    revision: int,
    connection: psycopg.Connection[Any],
    now: Clock | None = None,
) -> Published:
    """Publishes what was looked at; without a moment, publishing is its moment. connection: autocommit.

    Raises Refused: sent already, changed since, a moment that is past, a segment with nobody in it, whatever the draft is refused for.
    """
    clock = now or (lambda: datetime.now(UTC))
    journey = find_journey(workspace, key)
    _check_unsent(journey)
    draft = read_draft(journey)
    plan = read_plan(draft, workspace.zone)
    if plan is None:
        raise Refused([Fault("", said("this journey is no campaign any more"))])
    if journey.revision != revision:
        raise Refused([Fault("", said("somebody has changed this campaign since; look at it again"))])
    check_plan(workspace, plan, clock())
    reach = count_reach(connection, workspace, plan.segment, plan.channel)
    if reach is not None and reach.whole and not reach.people:
        raise Refused([Fault("segment", said("nobody is in this segment"))])
    checked = check_draft(workspace, draft)
    if checked.faults:
        raise Refused(checked.faults)
    return publish(workspace, key, connection=connection, now=clock, revision=revision)


def cancel_campaign(workspace: Workspace, key: str, *, connection: psycopg.Connection[Any]) -> int:
    """Before its time nobody gets it. After it what has not gone out stays back, until it is too late for it; gives how many left the road."""
    journey = find_journey(workspace, key)
    if journey.state == ARCHIVED:
        raise Refused([Fault("", said("this campaign is cancelled already"))])
    if journey.state == LIVE:  # messages of whoever has come to the end of the road are held back by this alone
        pause(workspace, key, connection=connection)
    return archive(workspace, key, connection=connection)


def copy_campaign(workspace: Workspace, key: str, *, by: str) -> Journey:
    """The same as a new draft, without its moment: that is past, or somebody has to choose it anew."""
    draft = dict(read_draft(find_journey(workspace, key)))
    if (plan := read_plan(draft, workspace.zone)) is None:
        raise Refused([Fault("", said("this journey is no campaign any more"))])
    if plan.plain:
        draft = write_plan(replace(plan, at=None))
    return make_journey(workspace, draft, key=free_key(workspace, key), by=by)


def _check_unsent(journey: Journey) -> None:
    if journey.state == ARCHIVED or Version.objects.filter(journey=journey).exists():
        raise Refused([Fault("", said("this campaign was sent already; make a copy and send that"))])


def _check_templates(workspace: Workspace, plan: Plan, faults: Faults) -> None:
    known = dict(Template.objects.filter(workspace_id=workspace.pk).values_list("key", "channel"))
    places = ("message", "second")
    if not plan.variants:
        faults.at("message").add(said("is missing"))
    for place, variant in zip(places, plan.variants, strict=False):
        here = faults.at(place)
        if variant.template not in known:
            here.add(
                said("there is no template '%(template)s'", template=variant.template)
                if variant.template
                else said("is missing")
            )
        elif known[variant.template] != plan.channel:
            here.add(said("both messages have to go by the same channel"))


def _key_of(title: str) -> str:
    """A key out of a name; ``campaign`` where it has no Latin letters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "-", plain).strip("-0123456789")[:50]
    if not re.match(r"[a-z]", key):
        return "campaign"
    return f"campaign-{key}" if key in RESERVED else key
