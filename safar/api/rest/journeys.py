"""Journeys: apply and check definitions, publish, pause, resume, archive; figures, and the people behind them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from safar.accounts.services import record
from safar.api.rest import sessions
from safar.api.rest.bodies import body_of, raw, written
from safar.api.rest.keys import Request, needs
from safar.api.rest.paging import After, Limit
from safar.api.rest.problems import Missing, Problem
from safar.api.rest.shapes import NAMED, NEXT, REFUSALS, WRITES, example
from safar.api.rest.shapes import Problem as Told
from safar.content.models import Template
from safar.journeys import services
from safar.journeys.definition.parse import parse_definition
from safar.journeys.living import shown_version
from safar.journeys.models import Journey as Kept
from safar.journeys.models import Version
from safar.journeys.travellers import FIGURES, list_travellers
from safar.lib.faults import Fault, Refused, did_you_mean

router = Router(tags=["journeys"])

YAML = """journey: welcome
title: {en: Welcome new contacts, fa: خوش‌آمدگویی}
start:
  signed_up: {kind: signed_up_email, next: greet}
points:
  greet: {kind: send_email, template: welcome-1, next: bought}
  bought: {kind: wait, for: {event: Order Completed}, at_most: P7D, paths: {happened: mark}}
  mark: {kind: add_tag, tag: vip}
"""
DEFINITION = {
    "journey": "welcome",
    "title": {"en": "Welcome new contacts"},
    "start": {"signed_up": {"kind": "signed_up_email", "next": "greet"}},
    "points": {"greet": {"kind": "send_email", "template": "welcome-1"}},
}
BODY = body_of("A definition, as docs/journeys.md has it.", DEFINITION, yaml=YAML)
ONE = {
    "key": "welcome",
    "title": {"en": "Welcome new contacts"},
    "state": "live",
    "version": 3,
    "edited": False,
    "updated_at": "2026-11-22T08:30:00Z",
}
CONFLICT = {**NAMED, 409: Told}


class Journey(Schema):
    model_config = example(**ONE)

    key: str
    title: str | dict[str, str]
    state: str = Field(description="draft, live, paused, archived")
    version: int | None = Field(None, description="Number of the live version; null: never published.")
    edited: bool = Field(description="The draft is another than the live version.")
    updated_at: datetime


class Journeys(Schema):
    model_config = example(data=[ONE])

    data: list[Journey]


class Whole(Journey):
    """A journey with its draft."""

    model_config = example(**ONE, revision=7, definition=DEFINITION)

    revision: int = Field(description="Goes up with every change of the draft.")
    definition: dict[str, Any] = Field(description="The draft, in the order in which it was written.")


class Applied(Schema):
    model_config = example(key="welcome", changed=True, made=False)

    key: str
    changed: bool = Field(description="False: the draft was so already.")
    made: bool = Field(description="The journey is new.")


class Checked(Schema):
    model_config = example(key="welcome", sound=True)

    key: str
    sound: bool = Field(description="Always true: a definition with faults is answered with them.")


class Published(Schema):
    model_config = example(key="welcome", version=4)

    key: str
    version: int


class Archived(Schema):
    model_config = example(key="welcome", left=12)

    key: str
    left: int = Field(description="People on the road, who left.")


class PointFigures(Schema):
    entered: int
    standing: int
    paths: dict[str, int]
    left: dict[str, int] = Field(description="By reason.")
    set_aside: int
    moved: int


class Figures(Schema):
    """Of the live version. At every point entered = standing + paths + left + set_aside + moved."""

    model_config = example(
        matched=120,
        entered=100,
        by_starting_point={"signed_up": 100},
        held_out=12,
        refused={"already_inside": 8},
        goals=9,
        money="4300000",
        points={
            "greet": {"entered": 100, "standing": 0, "paths": {"next": 100}, "left": {}, "set_aside": 0, "moved": 0}
        },
    )

    matched: int
    entered: int
    by_starting_point: dict[str, int]
    held_out: int
    refused: dict[str, int]
    goals: int
    money: str = Field(description="In the workspace's currency.")
    points: dict[str, PointFigures]


class Traveller(Schema):
    contact_id: int
    name: str
    known_as: str = Field(description="E-mail address, phone, user id or key.")
    at: datetime = Field(description="When they came to the point, or entered.")
    due: datetime | None = None
    state: str
    reason: str = ""


class Travellers(Schema):
    model_config = example(
        data=[
            {
                "contact_id": 12288,
                "name": "Sara",
                "known_as": "sara@example.com",
                "at": "2026-11-20T09:00:00Z",
                "due": "2026-11-27T09:00:00Z",
                "state": "on_the_road",
            }
        ],
        next=None,
    )

    data: list[Traveller]
    next: str | None = NEXT


@router.get("/journeys", response={200: Journeys, **REFUSALS}, summary="List journeys", **needs("journeys:read"))
def list_journeys(request: Request) -> Any:
    return {"data": services.list_journeys(request.auth.workspace)}


@router.post(
    "/check",
    response={200: Checked, **WRITES},
    summary="Check a definition",
    openapi_extra=BODY,
    **needs("journeys:read"),
)
def check_journey(request: Request) -> Any:
    """Keeps nothing. Every fault at once, templates and segments that do not exist among them."""
    workspace = request.auth.workspace
    known = Template.objects.filter(workspace_id=workspace.pk).values_list("key", flat=True)
    catalog = replace(services.catalog_of(workspace), templates=tuple(known))
    return {"key": parse_definition(raw(request), catalog).key, "sound": True}


@router.get("/journeys/{key}", response={200: Whole, **NAMED}, summary="Get a journey", **needs("journeys:read"))
def get_journey(request: Request, key: str) -> Any:
    kept = _find(request, key)
    [shown] = [each for each in services.list_journeys(request.auth.workspace) if each["key"] == key]
    return {**shown, "revision": kept.revision, "definition": json.loads(kept.draft or "{}")}


@router.get(
    "/journeys/{key}/yaml",
    response={200: None, **NAMED},
    summary="Get a journey as YAML",
    openapi_extra={
        "responses": {200: {"content": {"application/yaml": {"schema": {"type": "string"}, "example": YAML}}}}
    },
    **needs("journeys:read"),
)
def get_yaml(request: Request, key: str) -> Any:
    """The draft, for git."""
    _find(request, key)
    return HttpResponse(services.export(request.auth.workspace, key), content_type="application/yaml; charset=utf-8")


@router.put(
    "/journeys/{key}",
    response={200: Applied, **WRITES},
    summary="Apply a definition",
    openapi_extra=BODY,
    **needs("journeys:write"),
)
def apply_journey(request: Request, key: str) -> Any:
    """Keeps it as the journey's draft, which is made if need be; nobody on the road is touched. The same twice changes nothing."""
    workspace, sent = request.auth.workspace, written(request)
    if sent.get("journey") != key:
        raise Refused([Fault("journey", f"is {sent.get('journey')!r:.80}, and the address says {key!r:.80}")])
    applied = services.apply_journey(workspace, raw(request))
    if applied.changed:
        Kept.objects.filter(workspace=workspace, key=key).update(drafted_by=request.auth.name)
        record(workspace, request.auth.name, "apply_journey", f"journey:{key}")
    return {"key": key, "changed": applied.changed, "made": applied.made}


@router.post(
    "/journeys/{key}/publish", response={200: Published, **CONFLICT}, summary="Publish", **needs("journeys:write")
)
def publish_journey(request: Request, key: str) -> Any:
    """Makes the draft a version and lets contacts in; people on the road stay on theirs. An unchanged draft makes no new version."""
    _find(request, key)
    with sessions.acting() as conn:
        published = services.publish(request.auth.workspace, key, connection=conn)
    record(
        request.auth.workspace, request.auth.name, "publish_journey", f"journey:{key}", {"version": published.number}
    )
    return {"key": key, "version": published.number}


@router.post("/journeys/{key}/pause", response={204: None, **CONFLICT}, summary="Pause", **needs("journeys:write"))
def pause_journey(request: Request, key: str) -> Any:
    """Nobody enters, nobody moves, messages wait. 409 where the journey is not live."""
    return _act(request, key, "pause_journey", services.pause)


@router.post("/journeys/{key}/resume", response={204: None, **CONFLICT}, summary="Resume", **needs("journeys:write"))
def resume_journey(request: Request, key: str) -> Any:
    """People go on by their own clock. 409 where the journey is not paused."""
    return _act(request, key, "resume_journey", services.resume)


@router.post("/journeys/{key}/archive", response={200: Archived, **NAMED}, summary="Archive", **needs("journeys:write"))
def archive_journey(request: Request, key: str) -> Any:
    """For good: its people leave."""
    _find(request, key)
    with sessions.acting() as conn:
        people = services.archive(request.auth.workspace, key, connection=conn)
    record(request.auth.workspace, request.auth.name, "archive_journey", f"journey:{key}")
    return {"key": key, "left": people}


@router.get("/journeys/{key}/figures", response={200: Figures, **CONFLICT}, summary="Figures", **needs("journeys:read"))
def figures(request: Request, key: str) -> Any:
    """Of the live version. 409 where the journey was never published."""
    kept = _find(request, key)
    _live(kept)
    with sessions.reading() as conn:
        return services.figures(conn, request.auth.workspace, key).as_json()


@router.get(
    "/journeys/{key}/people",
    response={200: Travellers, **CONFLICT},
    summary="People at a point",
    **needs("journeys:read"),
)
def people_at_point(
    request: Request,
    key: str,
    point: Annotated[str, Query(max_length=100, description="`points.greet`, or `start.signed_up`.")],
    figure: Annotated[str, Query(description=", ".join(FIGURES))] = "standing",
    name: Annotated[str, Query(max_length=100, description="Of the path, or the reason of leaving.")] = "",
    limit: Limit = 50,
    after: After = "",
) -> Any:
    """The people behind a figure. A page may hold fewer than `limit`, or nobody: go on while there is a `next`."""
    version = _live(_find(request, key))
    with sessions.reading() as conn:
        try:
            shown = shown_version(request.auth.workspace, version)
            page = list_travellers(conn, shown, point=point, figure=figure, name=name, after=after, size=limit)
        except Refused:
            raise
        except ValueError as wrong:
            raise Refused([Fault("", str(wrong))]) from None
    return {"data": [vars(each) for each in page.people], "next": page.after or None}


def _act(request: Request, key: str, action: str, act: Callable[..., None]) -> Any:
    _find(request, key)
    try:
        with sessions.acting() as conn:
            act(request.auth.workspace, key, connection=conn)
    except Refused as refused:
        raise Problem(409, refused.faults[0].message, refused.faults) from None
    record(request.auth.workspace, request.auth.name, action, f"journey:{key}")
    return Status(204, None)


def _live(kept: Kept) -> Version:
    version = Version.objects.filter(journey=kept, live=True).first()
    if version is None:
        raise Problem(409, f"'{kept.key}' was never published")
    return version


def _find(request: Request, key: str) -> Kept:
    found = Kept.objects.filter(workspace=request.auth.workspace, key=key).first()
    if found is None:
        known = Kept.objects.filter(workspace=request.auth.workspace).values_list("key", flat=True)
        raise Missing(f"there is no journey '{key[:80]}'{did_you_mean(key, known)}")
    return found
