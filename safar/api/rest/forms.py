"""Forms of the website and their figures. What is filled in is sent to an address of the website's own (docs/website.md)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from ninja import Query, Router, Schema
from pydantic import Field

from safar.api.rest import sessions
from safar.api.rest.keys import Request, needs
from safar.api.rest.problems import Missing
from safar.api.rest.shapes import NAMED, REFUSALS, example
from safar.lib.faults import did_you_mean
from safar.website.figures import Earned, Line, by_day, by_page, by_source, read_earned, read_figures
from safar.website.keeping import Kept, list_forms

router = Router(tags=["forms"])

COUNTED = {"shown": 1200, "closed": 900, "sent": 60, "brought": 41, "asked": 60, "confirmed": 38}
MOST_DAYS = 365


class Form(Schema):
    model_config = example(
        key="newsletter", title={"en": "News", "fa": "خبرنامه"}, kind="pop_up", live=True, address="https://safar.example/f/x8Jc1kQzT0ab"
    )  # fmt: skip

    key: str
    title: dict[str, str] = Field(description="Language → text.")
    kind: str = Field(description="pop_up, embedded, page")
    live: bool = Field(description="False: nobody sees it, and nothing is taken.")
    address: str = Field(description="Of its own page.")


class Forms(Schema):
    data: list[Form]


class Counted(Schema):
    shown: int = Field(description="As browsers told; some do not.")
    closed: int = Field(description="Without an answer.")
    sent: int
    brought: int = Field(description="People whom nobody knew before.")
    asked: int = Field(description="Of `sent`: asked to confirm by a message.")
    confirmed: int


class Named(Counted):
    name: str = Field(description="A day, host and path of a page, or a source; empty: its own page, no source.")


class Brought(Counted):
    model_config = example(
        **COUNTED, since="2026-10-24", buyers=7, orders=9, money="43000000",
        by_day=[{"name": "2026-11-22", **COUNTED}], by_page=[{"name": "shop.example/mugs", **COUNTED}], by_source=[{"name": "insta", **COUNTED}],
    )  # fmt: skip

    since: date
    buyers: int = Field(description="Of those it brought.")
    orders: int
    money: Decimal = Field(description="Of these orders, less what was refunded.")
    by_day: list[Named]
    by_page: list[Named]
    by_source: list[Named]


@router.get("/forms", response={200: Forms, **REFUSALS}, summary="List forms", **needs("forms:read"))
def list_all(request: Request) -> Any:
    """By key."""
    return {"data": [_shown(one) for one in list_forms(sessions.plain(), request.auth.workspace.pk)]}


@router.get("/forms/{key}", response={200: Form, **NAMED}, summary="Get a form", **needs("forms:read"))
def get_form(request: Request, key: str) -> Any:
    return _shown(_find(request, key))


@router.get(
    "/forms/{key}/figures", response={200: Brought, **NAMED}, summary="Figures of a form", **needs("forms:read")
)
def figures(
    request: Request, key: str, days: Annotated[int, Query(ge=1, le=MOST_DAYS, description="So many days, today among them.")] = 30
) -> Any:  # fmt: skip
    """By the days of the workspace. 400 days, 50 pages and 50 sources at most."""
    _find(request, key)
    workspace = request.auth.workspace
    since = datetime.now(UTC).astimezone(ZoneInfo(workspace.zone)).date() - timedelta(days=days - 1)
    with sessions.reading() as conn:
        asked = (conn, workspace.pk, key, since)
        whole = read_figures(conn, workspace.pk, [key], since)[key]
        earned = read_earned(conn, workspace.pk, [key], since).get(key, Earned())
        lines = {"by_day": by_day(*asked), "by_page": by_page(*asked), "by_source": by_source(*asked)}
    return {
        **_counted(whole),
        "since": since,
        "buyers": earned.buyers,
        "orders": earned.orders,
        "money": earned.money,
        **{name: [{"name": str(line.name), **_counted(line)} for line in some] for name, some in lines.items()},
    }


def _counted(line: Line) -> dict[str, int]:
    return {name: getattr(line, name) for name in COUNTED}


def _find(request: Request, key: str) -> Kept:
    kept = list_forms(sessions.plain(), request.auth.workspace.pk)
    found = next((one for one in kept if one.form.key == key), None)
    if found is None:
        raise Missing(f"there is no form '{key[:80]}'{did_you_mean(key, [one.form.key for one in kept])}")
    return found


def _shown(kept: Kept) -> dict[str, Any]:
    form, address = kept.form, f"{settings.SAFAR.public_url}/f/{kept.token}"
    return {"key": form.key, "title": dict(form.title), "kind": form.kind, "live": kept.live, "address": address}
