"""The first page: first steps for whoever begins, figures for whoever has people on the road."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import Membership
from safar.accounts.services import create_key, record
from safar.console.conftest import Browser
from safar.journeys.models import Journey


def home(who: Membership) -> str:
    return f"/w/{who.workspace.slug}/"


def test_a_new_workspace_sees_its_first_steps(browser: Browser, sara: Membership, mina: Membership) -> None:
    page = browser(sara).get(home(sara)).content.decode()
    assert "First steps" in page
    assert f"{home(sara)}settings/shops/" in page
    assert f"{home(sara)}settings/shops/" not in browser(mina).get(home(sara)).content.decode()  # not hers to take


def test_a_step_is_done_once_it_was_taken(browser: Browser, sara: Membership, conn: psycopg.Connection[Any]) -> None:
    client = browser(sara)
    assert client.get(home(sara)).content.decode().count("(done)") == 0
    conn.execute(
        "INSERT INTO sender (workspace_id, channel, address) VALUES (%s, 'email', 'Mugs <hello@shop.example>')",
        (sara.workspace_id,),
    )
    record(sara.workspace, sara.member.email, "test_template", "template:1")
    create_key(workspace=sara.workspace, kind="write")
    page = client.get(home(sara)).content.decode()
    assert page.count("(done)") == 3
    assert page.count("Go there") == 3


@pytest.mark.parametrize(("language", "said"), [("en", "On the road"), ("fa", "در راه")])
def test_figures_in_both_languages(browser: Browser, sara: Membership, language: str, said: str) -> None:
    client = browser(sara, language=language)
    assert said in client.get(home(sara)).content.decode()
    piece = client.get(home(sara), headers={"HX-Request": "true"}).content.decode()
    assert said in piece
    assert "<html" not in piece


def test_a_paused_journey_and_a_notice_need_somebody(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    draft = '{"journey": "welcome", "title": {"en": "Welcome", "fa": "خوشامد"}}'
    Journey.objects.create(workspace=sara.workspace, key="welcome", state="paused", draft=draft)
    conn.execute(
        "INSERT INTO team_notice (workspace_id, subject, words, at) VALUES (%s, 'circuit:smtp', %s, now())",
        (sara.workspace_id, '{"en": "The mail server refused the password.", "fa": "سرور رمز را نپذیرفت."}'),
    )
    page = browser(sara).get(home(sara)).content.decode()
    assert "The mail server refused the password." in page
    assert "Welcome" in page
    persian = browser(sara, language="fa").get(home(sara)).content.decode()
    assert "سرور رمز را نپذیرفت." in persian
    assert "خوشامد" in persian


def test_the_page_asks_few_questions(browser: Browser, sara: Membership) -> None:
    client = browser(sara)
    client.get(home(sara))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(home(sara))
    assert len(asked) <= 10, [one["sql"][:80] for one in asked]
