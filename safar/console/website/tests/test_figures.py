"""What forms brought: openings are counted, answers are known, and what those have bought whom a form brought."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import Membership
from safar.accounts.services import create_key
from safar.console.conftest import Browser
from safar.console.database import session
from safar.console.journeys.tests.road import settle
from safar.console.website import figures as pages
from safar.console.website.tests.filling import NOW, address, nobody, put_in, send
from safar.website import counting, script
from safar.website.figures import by_day, by_page, by_source, read_earned, read_figures
from safar.website.guards import Rate
from safar.website.keeping import Kept, delete_form

TODAY = NOW.date()


@pytest.fixture
def key(sara: Membership, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(script, "seen_rate", Rate())
    monkeypatch.setattr(pages, "now", lambda: NOW + timedelta(minutes=5))
    pages._figures.forget((sara.workspace_id, "news", TODAY - timedelta(days=29)))
    return create_key(workspace=sara.workspace, kind="write")


def saw(key: str, kept: Kept, what: str = "shown", **more: str) -> Any:
    said = {"token": kept.token, "what": what, "page": "https://www.shop.example/mugs/?q=blue", **more}
    return nobody().post(f"/site/forms/{key}/seen", said, content_type="application/json")


def bought(order: str, total: int, user: str) -> dict[str, Any]:
    properties = {"order_id": order, "total": total, "currency": "IRR"}
    return {"type": "track", "userId": user, "event": "Order Completed", "properties": properties}


def test_openings_and_answers_by_day_page_and_source(key: str, sara: Membership, kept: Kept, clock: list[Any]) -> None:
    for more in ({}, {"utm_source": "insta"}, {"utm_source": "insta"}, {"referrer": "https://search.example/?q=mug"}):
        assert saw(key, kept, **more).status_code == 200
    assert saw(key, kept, "closed").status_code == 200
    assert [saw(key, kept, "opened").status_code, saw("pk_unknown", kept).status_code] == [404, 404]
    send(
        kept, clock, page="https://www.shop.example/mugs", utm_source="insta"
    )  # which has looked at the form's own page before
    send(kept, clock, email="ali@people.example")
    settle()
    send(kept, clock, page="https://www.shop.example/mugs", utm_source="insta")  # and Mina once more: nobody new
    with session() as conn:
        line = read_figures(conn, sara.workspace_id, ["news", "other"], TODAY)["news"]
        days = by_day(conn, sara.workspace_id, "news", TODAY)
        pages_ = by_page(conn, sara.workspace_id, "news", TODAY)
        sources = by_source(conn, sara.workspace_id, "news", TODAY)
        assert read_figures(conn, sara.workspace_id, ["news"], TODAY + timedelta(days=1))["news"].shown == 0
    assert (line.shown, line.closed, line.sent, line.brought, line.asked) == (7, 1, 3, 2, 0)
    assert line.rate == Decimal(3) / 7
    assert [(one.name, one.sent) for one in days] == [(TODAY, 3)]
    assert [(one.name, one.shown, one.sent) for one in pages_] == [("www.shop.example/mugs", 4, 2), ("", 3, 1)]
    assert [(one.name, one.shown, one.sent) for one in sources] == [
        ("insta", 2, 2),
        ("", 4, 1),
        ("search.example", 1, 0),
    ]


def test_what_those_bought_whom_it_brought(
    key: str, browser: Browser, sara: Membership, kept: Kept, clock: list[Any]
) -> None:
    put_in(sara.workspace, NOW, type="identify", userId="ali", traits={"email": "ali@people.example"})
    settle()
    for one in ("mina", "ali"):
        send(kept, clock, email=f"{one}@people.example")
        put_in(sara.workspace, clock[0], type="identify", userId=one, traits={"email": f"{one}@people.example"})
        put_in(sara.workspace, clock[0] + timedelta(minutes=1), **bought(one, 480_000, one))
    put_in(sara.workspace, NOW - timedelta(days=1), **bought("before", 1_000, "mina"))
    settle()
    with session() as conn:
        earned = read_earned(conn, sara.workspace_id, ["news"], TODAY)["news"]
    assert (earned.buyers, earned.orders, earned.money) == (1, 1, Decimal(480_000))
    client = browser(sara, language="en")
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address(sara, "news/figures/")).content.decode()
    assert len(asked) < 15
    assert "48,000" in page  # tomans
    assert "48,000" in client.get(address(sara)).content.decode()
    assert client.get(address(sara, "other/figures/")).status_code == 404


def test_made_up_pages_do_not_fill_the_table(
    key: str, sara: Membership, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_A_DAY", 2)
    monkeypatch.setattr(script, "seen_rate", Rate(most=5))
    answers = [saw(key, kept, page=f"https://shop.example/{number}") for number in (1, 2, 3, 4, 1, 1)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    with session() as conn:
        assert [(one.name, one.shown) for one in by_page(conn, sara.workspace_id, "news", TODAY)] == [("shop.example/1", 2), ("…", 2), ("shop.example/2", 1)]  # fmt: skip
        delete_form(conn, sara.workspace_id, "news")
        assert read_figures(conn, sara.workspace_id, ["news"], TODAY)["news"].shown == 0
