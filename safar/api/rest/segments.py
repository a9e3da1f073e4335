"""Segments: list, put, count, members."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from safar.accounts.services import record
from safar.api.rest import sessions
from safar.api.rest.bodies import body_of, check_key, written
from safar.api.rest.contact_rows import ONE as PERSON
from safar.api.rest.contact_rows import Brief, read_briefs
from safar.api.rest.keys import Request, needs
from safar.api.rest.paging import After, Limit, read_place, write_place
from safar.api.rest.problems import Missing, Problem
from safar.api.rest.shapes import NAMED, NEXT, REFUSALS, WRITES, example
from safar.journeys.segment_use import delete_segment as delete
from safar.journeys.segment_use import journeys_by_segment
from safar.journeys.segment_use import put_segment as put
from safar.lib.faults import Fault, Refused, did_you_mean
from safar.segments.models import Segment as Kept
from safar.segments.people import count_people, list_people
from safar.segments.reading import Condition
from safar.segments.services import read_segments

router = Router(tags=["segments"])


class Segment(Schema):
    model_config = example(
        key="regulars",
        title={"en": "Regulars", "fa": "مشتریان همیشگی"},
        condition={"all": [{"fact": "orders", "at_least": 3}, {"tag": "vip"}]},
        journeys=["second-purchase"],
        updated_at="2026-11-22T08:30:00Z",
    )

    key: str
    title: dict[str, str] = Field(description="Language → text.")
    condition: dict[str, Any] = Field(description="As it was written.")
    journeys: list[str] = Field(description="Keys of the journeys that name it.")
    updated_at: datetime


class Segments(Schema):
    data: list[Segment]


class Put(Schema):
    model_config = example(key="regulars", changed=True)

    key: str
    changed: bool = Field(description="False: it was so already.")


class Count(Schema):
    model_config = example(number=1204, whole=True)

    number: int
    whole: bool = Field(description="False: counting took too long, and there are more than `number`.")


class Members(Schema):
    model_config = example(data=[PERSON], next=None)

    data: list[Brief]
    next: str | None = NEXT


@router.get("/segments", response={200: Segments, **REFUSALS}, summary="List segments", **needs("segments:read"))
def list_segments(request: Request) -> Any:
    """In the order in which they were made."""
    users = journeys_by_segment(request.auth.workspace)
    kept = Kept.objects.filter(workspace=request.auth.workspace).order_by("id")
    return {"data": [_shown(each, users.get(each.key, [])) for each in kept]}


@router.get("/segments/{key}", response={200: Segment, **NAMED}, summary="Get a segment", **needs("segments:read"))
def get_segment(request: Request, key: str) -> Any:
    return _shown(_find(request, key), journeys_by_segment(request.auth.workspace).get(key, []))


@router.put(
    "/segments/{key}",
    response={200: Put, **WRITES},
    summary="Put a segment",
    openapi_extra=body_of(
        "`{condition, title}`, or the condition itself.",
        {"title": {"en": "Regulars"}, "condition": {"all": [{"fact": "orders", "at_least": 3}, {"tag": "vip"}]}},
        yaml="title: {en: Regulars}\ncondition:\n  all:\n    - {fact: orders, at_least: 3}\n    - {tag: vip}\n",
    ),
    **needs("segments:write"),
)
def put_segment(request: Request, key: str) -> Any:
    """Makes it or replaces it, checked together with those that are there. Putting the same twice changes nothing."""
    workspace, sent = request.auth.workspace, written(request)
    check_key(key)
    changed = put(workspace, key, sent if "condition" in sent else {"condition": sent})
    if changed:
        record(workspace, request.auth.name, "put_segment", f"segment:{key}")
    return {"key": key, "changed": changed}


@router.delete(
    "/segments/{key}",
    response={204: None, **NAMED, 409: NAMED[404]},
    summary="Delete a segment",
    **needs("segments:write"),
)
def delete_segment(request: Request, key: str) -> Any:
    """Refused with 409 while a journey or another segment names it."""
    _find(request, key)
    try:
        with sessions.acting() as conn:
            delete(request.auth.workspace, key, connection=conn)
    except Refused as refused:
        raise Problem(409, f"'{key}' is in use", refused.faults) from None
    record(request.auth.workspace, request.auth.name, "delete_segment", f"segment:{key}")
    return Status(204, None)


@router.get("/segments/{key}/count", response={200: Count, **NAMED}, summary="Count members", **needs("segments:read"))
def count_segment(request: Request, key: str) -> Any:
    """How many contacts meet the condition now; counting takes 5 seconds at most."""
    counted = count_people(sessions.plain(), request.auth.workspace, _condition(request, key), seconds=5)
    return {"number": counted.number, "whole": counted.whole}


@router.get(
    "/segments/{key}/members", response={200: Members, **NAMED}, summary="List members", **needs("segments:read")
)
def list_members(request: Request, key: str, limit: Limit = 50, after: After = "") -> Any:
    """Who meets the condition now. A page may hold fewer than `limit`, or nobody: go on while there is a `next`."""
    condition, place = _condition(request, key), read_place(after, int, int)
    with sessions.reading() as conn:
        people = list_people(
            conn, request.auth.workspace, condition, after=(place[0], place[1]) if place else None, limit=limit
        )
        return {"data": read_briefs(conn, people.ids), "next": write_place(*people.after) if people.after else None}


def _find(request: Request, key: str) -> Kept:
    found = Kept.objects.filter(workspace=request.auth.workspace, key=key).first()
    if found is None:
        known = Kept.objects.filter(workspace=request.auth.workspace).values_list("key", flat=True)
        raise Missing(f"there is no segment '{key[:80]}'{did_you_mean(key, known)}")
    return found


def _condition(request: Request, key: str) -> Condition:
    _find(request, key)
    read = read_segments(request.auth.workspace)
    if key not in read:
        raise Refused([Fault("key", f"the condition of '{key}' cannot be read")])
    return read[key]


def _shown(kept: Kept, journeys: list[str]) -> dict[str, Any]:
    title = kept.title if isinstance(kept.title, dict) else {"en": str(kept.title)}
    return {
        "key": kept.key,
        "title": title,
        "condition": json.loads(kept.condition),
        "journeys": journeys,
        "updated_at": kept.updated_at,
    }
