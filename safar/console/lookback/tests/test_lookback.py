"""The look back on its pages: a file of orders, its columns, the result, and a journey begun from it."""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from safar.accounts.models import AuditEntry, Membership, Workspace
from safar.console.conftest import Browser
from safar.events.jobs.running import run_next
from safar.journeys.lookback import job as lookback
from safar.journeys.models import Journey

pytestmark = pytest.mark.usefixtures("database_url")
ORDERS = """شماره سفارش,تاریخ سفارش,مبلغ کل,ایمیل
۱,۱۴۰۳/۰۱/۱۵,۴۰۰٬۰۰۰,sara@home.example
۲,۱۴۰۳/۰۲/۲۵,۶۰۰٬۰۰۰,sara@home.example
۳,۱۴۰۳/۰۳/۰۱,۵۰۰٬۰۰۰,ali@home.example
۴,۱۴۰۳/۰۳/۰۲,رایگان,mina@home.example
۵,۱۴۰۳/۱۰/۳۰,۵۰۰٬۰۰۰,mina@home.example
"""


@pytest.fixture(autouse=True)
def nothing_left(conn: psycopg.Connection[Any]) -> Iterator[None]:
    yield
    conn.execute("DELETE FROM job")


def at(shop: Workspace, path: str = "") -> str:
    return f"/w/{shop.slug}/look-back/{path}"


def upload(client: Client, shop: Workspace, text: str = ORDERS) -> str:
    """Address of the page that asks what the columns are."""
    answer = client.post(at(shop), {"file": SimpleUploadedFile("سفارش‌ها.csv", text.encode())})
    assert answer.status_code == 303
    return str(answer["Location"])


def words(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())))


def work(conn: psycopg.Connection[Any]) -> bool:
    """What a thread of an engine process does."""
    return run_next(conn, lookback.runs(os.environ["SAFAR_DATABASE_URL"]))


def test_from_a_file_to_a_draft(
    shop: Workspace, sara: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    her = browser(sara)
    page = upload(her, shop)
    seen = words(her, page)
    assert "sara@home.example" in seen
    roles = dict(
        re.findall(r'name="(\w+)">.*?(?:value="(\d)" selected|</select>)', her.get(page).content.decode(), re.DOTALL)
    )
    assert roles["order"] == "0"
    assert her.post(page, {**roles, "start": "1"})["Location"] == at(shop)
    assert "progress" in her.get(at(shop)).content.decode()
    assert work(conn)
    assert her.get(at(shop), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    said = words(her, at(shop))
    assert "4 paid orders; 0 never paid; 1 rows could not be read." in said
    assert "Second purchase" in said
    assert "500,000 Tomans" in said  # an order on average; the file's amounts are in the workspace's unit
    answer = her.post(at(shop), {"use": "second-purchase"})
    assert answer["Location"] == f"/w/{shop.slug}/journeys/second-purchase/"
    made = Journey.objects.get(workspace=shop, key="second-purchase")
    assert json.loads(made.draft)["settings"]["control_group"] == 10
    assert AuditEntry.objects.filter(workspace=shop, action__in=("look_back", "make_journey")).count() == 2


def test_a_column_is_chosen_by_hand(
    shop: Workspace, sara: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    her = browser(sara)
    page = upload(her, shop, "a;b;c\n2024-01-10;sara@home.example;40\n2024-03-10;sara@home.example;60\n")
    assert "No column says when it was ordered" in words(her, page)
    answer = her.post(page, {"at": "0", "email": "1", "start": "1"})
    assert answer.status_code == 422
    assert "No column says how much it was" in answer.content.decode()
    assert her.post(page, {"at": "0", "email": "1", "total": "2", "start": "1"}).status_code == 303
    assert work(conn)
    assert "Second purchase" in words(her, at(shop))


def test_a_file_is_taken_back(shop: Workspace, sara: Membership, browser: Browser) -> None:
    her = browser(sara)
    page = upload(her, shop)
    assert her.post(page, {"drop": "1"}).status_code == 303
    assert her.get(page).status_code == 404


def test_what_is_recorded(shop: Workspace, sara: Membership, browser: Browser, conn: psycopg.Connection[Any]) -> None:
    her = browser(sara)
    assert her.post(at(shop), {"recorded": "1"}).status_code == 303
    assert "under way" in her.post(at(shop), {"recorded": "1"}, follow=True).content.decode()
    assert work(conn)
    assert "Nobody would have entered these" in words(her, at(shop))


@pytest.mark.parametrize("text", ["", "\0\0\0", "order,date,total,email\n"])
def test_a_file_that_is_none(
    shop: Workspace, sara: Membership, browser: Browser, conn: psycopg.Connection[Any], text: str
) -> None:
    her = browser(sara)
    answer = her.post(at(shop), {"file": SimpleUploadedFile("orders.csv", text.encode())}, follow=True)
    assert answer.status_code == 200
    if text.startswith("order"):
        her.post(answer.redirect_chain[-1][0], {"order": "0", "at": "1", "total": "2", "email": "3", "start": "1"})
        assert work(conn)
        assert "There is no paid order in it" in words(her, at(shop))


def test_a_viewer_looks_and_begins_nothing(shop: Workspace, mina: Membership, browser: Browser) -> None:
    hers = browser(mina)
    assert "an editor can" in words(hers, at(shop))
    assert hers.post(at(shop), {"recorded": "1"}).status_code == 403
