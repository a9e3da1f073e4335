"""From a draft to a version, and what one does to a journey afterwards."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from safar.accounts.models import AuditEntry, Membership, Workspace
from safar.console.conftest import Browser
from safar.console.journeys.tests.road import WELCOME, draw, go_live, happens, settle
from safar.journeys.models import Journey, Version

pytestmark = pytest.mark.usefixtures("database_url", "fresh_figures")


def at(shop: Workspace, path: str = "") -> str:
    return f"/w/{shop.slug}/journeys/{path}"


def change(client: Client, shop: Workspace, tag: str) -> int:
    """Another tag at the end; gives the draft's revision."""
    told = client.get(at(shop, "welcome/map.json")).json()
    told["draft"]["points"]["thanks"]["tag"] = tag
    body = json.dumps({"draft": told["draft"], "revision": told["revision"]})
    return int(client.put(at(shop, "welcome/map.json"), body, content_type="application/json").json()["revision"])


def publish(client: Client, shop: Workspace, revision: int, **wanted: bool) -> Any:
    asked = {"revision": revision, **wanted}
    return client.post(at(shop, "welcome/publishing.json"), asked, content_type="application/json")


def test_the_first_version(shop: Workspace, ali: Membership, browser: Browser) -> None:
    draw(shop)
    client = browser(ali)
    before = client.get(at(shop, "welcome/publishing.json")).json()
    assert (before["next"], before["live"], before["changes"]) == (1, None, None)
    assert publish(client, shop, 1).json() == {"number": 1, "moved": None}
    assert Journey.objects.get(workspace=shop).state == "live"
    assert AuditEntry.objects.filter(workspace=shop, action="publish_journey", actor=ali.member.email).exists()


def test_what_changes_and_for_whom(
    shop: Workspace, ali: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    go_live(conn, shop)
    happens(conn, shop, "kaveh", "Shop Opened")
    client = browser(ali)
    assert client.get(at(shop, "welcome/publishing.json")).json()["same"] is True
    revision = change(client, shop, "gold")
    told = client.get(at(shop, "welcome/publishing.json")).json()
    assert (told["next"], told["live"], told["same"]) == (2, 1, False)
    assert [each["place"] for each in told["changes"]] == ["points.thanks.tag"]
    (road,) = client.get(at(shop, "welcome/publishing.json"), {"about": "road"}).json()["moves"]
    assert [(line["point"], line["people"]) for line in road["standing"]] == [("points.bought", 1)]
    assert publish(client, shop, revision).json()["number"] == 2
    found = client.get(at(shop, "welcome/figures.json")).json()
    assert (found["version"], found["entered"], found["other_versions"]) == (2, 0, {"1": 1})
    assert client.get(at(shop, "welcome/figures.json"), {"version": "1"}).json()["standing"] == 1


def test_a_draft_with_faults_is_not_published(shop: Workspace, ali: Membership, browser: Browser) -> None:
    draw(shop, WELCOME.replace("template: hello", "template: gone"))
    answer = publish(browser(ali), shop, 1)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["place"] == "points.greet.template"
    assert not Version.objects.filter(journey__workspace=shop).exists()


def test_what_was_looked_at_is_what_is_published(shop: Workspace, ali: Membership, browser: Browser) -> None:
    draw(shop)
    client = browser(ali)
    change(client, shop, "gold")
    assert publish(client, shop, 1).status_code == 409
    assert publish(client, shop, 2).status_code == 200


def test_viewers_publish_nothing(shop: Workspace, mina: Membership, browser: Browser) -> None:
    draw(shop)
    assert publish(browser(mina), shop, 1).status_code == 403


def test_pause_resume_archive(
    shop: Workspace, ali: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    go_live(conn, shop)
    happens(conn, shop, "kaveh", "Shop Opened")
    client = browser(ali)
    for act, state in (("pause", "paused"), ("resume", "live"), ("archive", "archived")):
        assert client.post(at(shop, f"welcome/{act}/")).status_code == 303
        assert Journey.objects.get(workspace=shop).state == state
    page = client.get(at(shop)).content.decode()
    assert "1 person left it" in page
    assert client.post(at(shop, "welcome/resume/"), follow=True).status_code == 200


def test_copy_export_import(shop: Workspace, ali: Membership, browser: Browser) -> None:
    draw(shop)
    client = browser(ali)
    assert client.post(at(shop, "welcome/copy/")).headers["location"].endswith("/welcome-2/")
    text = client.get(at(shop, "welcome-2/journey.yaml"))
    assert text.headers["content-disposition"] == 'attachment; filename="welcome-2.yaml"'
    file = SimpleUploadedFile("x.yaml", text.content)
    made = client.post(at(shop, "new/"), {"file": file})
    assert made.headers["location"].endswith("/welcome-3/")
    assert Journey.objects.get(workspace=shop, key="welcome-3").draft.count("Welcome 2") == 1


def test_a_new_journey_by_its_name(shop: Workspace, ali: Membership, browser: Browser) -> None:
    client = browser(ali, language="fa")
    made = client.post(at(shop, "new/"), {"title": "یلدا"})
    assert made.headers["location"].endswith("/journeys/journey/")
    assert json.loads(Journey.objects.get(workspace=shop).draft)["title"] == {"fa": "یلدا"}
    taken = client.post(at(shop, "new/"), {"title": "یلدا", "key": "journey"})
    assert taken.status_code == 422
    assert "سفری با کلید «\u2068journey\u2069» هست" in taken.content.decode()
    assert client.get(at(shop, "journey/")).status_code == 200


def test_a_text_that_is_no_journey_is_shown_again_with_its_faults(
    shop: Workspace, ali: Membership, browser: Browser
) -> None:
    answer = browser(ali).post(at(shop, "new/"), {"text": "- a\n- b\n"})
    assert answer.status_code == 422
    assert "- a" in answer.content.decode()


def test_a_ready_made_one(shop: Workspace, ali: Membership, browser: Browser) -> None:
    client = browser(ali, language="fa")
    page = client.get(at(shop, "new/")).content.decode()
    assert 'value="abandoned-cart"' in page
    made = client.post(at(shop, "new/"), {"ready": "abandoned-cart"})
    assert made.headers["location"].endswith("/abandoned-cart/")
    assert client.get(at(shop, "abandoned-cart/map.json")).json()["faults"] == []


def test_an_old_version_becomes_the_draft_again(
    shop: Workspace, ali: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    go_live(conn, shop)
    client = browser(ali)
    publish(client, shop, change(client, shop, "gold"))
    page = client.get(at(shop, "welcome/versions/")).content.decode()
    assert "“adds the tag “vip”” becomes “adds the tag “gold””" in page
    client.post(at(shop, "welcome/versions/1/restore/"))
    told = client.get(at(shop, "welcome/map.json")).json()
    assert told["draft"]["points"]["thanks"]["tag"] == "vip"
    assert told["revision"] == 3
    assert Version.objects.get(journey__workspace=shop, live=True).number == 2


def test_people_move_to_the_new_version_where_they_can(
    shop: Workspace, ali: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    go_live(conn, shop)
    happens(conn, shop, "kaveh", "Shop Opened")
    client = browser(ali)
    publish(client, shop, change(client, shop, "gold"))
    page = client.get(at(shop, "welcome/moves/")).content.decode()
    assert "bought" in page
    assert "Move those who can" in page
    moved = client.post(at(shop, "welcome/moves/"), follow=True).content.decode()
    assert "1 person moved to the live version." in moved
    assert "Everybody on the road is on the live version." in moved
    assert client.get(at(shop, "welcome/figures.json"), {"version": "2"}).json()["standing"] == 1


def test_one_press_publishes_moves_and_lets_in_those_who_match(
    shop: Workspace, ali: Membership, browser: Browser, conn: psycopg.Connection[Any], django_assert_few: Any
) -> None:
    go_live(conn, shop)
    happens(conn, shop, "kaveh", "Shop Opened")
    tag(conn, shop, "laleh", "new-customer")  # comes in by it
    tag(conn, shop, "nima", "old-customer")
    client = browser(ali)
    told = client.get(at(shop, "welcome/map.json")).json()
    told["draft"]["start"]["tagged"]["tag"] = "old-customer"
    body = json.dumps({"draft": told["draft"], "revision": told["revision"]})
    client.put(at(shop, "welcome/map.json"), body, content_type="application/json")
    with django_assert_few(22):
        before = client.get(at(shop, "welcome/publishing.json")).json()
    assert [each["said"] for each in before["changes"]] == [
        "“got the tag “new-customer”” becomes “got the tag “old-customer””"
    ]
    with django_assert_few(22):
        (older,) = client.get(at(shop, "welcome/publishing.json"), {"about": "road"}).json()["moves"]
    assert (older["number"], older["people"], older["can"]) == (1, 2, 2)
    assert [line["point"] for line in older["standing"]] == ["points.bought"]
    with django_assert_few(22):
        people = client.get(at(shop, "welcome/publishing.json"), {"about": "people"}).json()
    assert (people["crowd"]["matching"], people["crowd"]["states"], people["crowd"]["known"]) == (1, ["tagged"], False)
    assert people["crowd"]["lacks"] == [
        {
            "channel": "email",
            "could": 0,
            "no_address": 3,
            "unsubscribed": 0,
            "no_consent": 0,
            "paused": 0,
            "suppressed": 0,
            "capped": 0,
            "consented": True,
        }
    ]
    assert people["first"][0].startswith(
        "Nobody comes in until this happens to somebody: got the tag “old-customer”; or"
    )
    done = publish(client, shop, 2, already=True, move=True, anew=True).json()
    assert done == {"number": 2, "moved": 2}
    page = client.get(at(shop, "welcome/progress/")).content.decode()
    assert "Version <span" in page or "Version 2" in page
    assert "hx-trigger" in page
    settle()
    page = strip(client.get(at(shop, "welcome/progress/")).content.decode())
    assert "1 contact came in because they match already" in page
    assert "hx-trigger" not in page
    standing = client.get(at(shop, "welcome/figures.json"), {"version": "2"}).json()["standing"]
    assert standing == 3
    actions = set(AuditEntry.objects.filter(workspace=shop).values_list("action", flat=True))
    assert actions >= {"publish_journey", "move_people"}


def test_letting_people_in_is_stopped(
    shop: Workspace, ali: Membership, mina: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    draw(shop)
    tag(conn, shop, "nima", "new-customer")
    client = browser(ali)
    assert publish(client, shop, 1, already=True).status_code == 200
    assert "Let nobody else in" in client.get(at(shop, "welcome/progress/")).content.decode()
    assert "Let nobody else in" not in browser(mina).get(at(shop, "welcome/progress/")).content.decode()
    said = client.post(at(shop, "welcome/stop/"), follow=True).content.decode()
    assert "Nobody else comes in because they match already." in said
    settle()
    assert client.get(at(shop, "welcome/figures.json")).json()["entered"] == 0
    again = client.post(at(shop, "welcome/stop/"), follow=True).content.decode()
    assert "nobody is being taken into" in again


def test_where_nobody_is_read_the_page_says_nothing(
    shop: Workspace, ali: Membership, browser: Browser, django_assert_few: Any
) -> None:
    draw(shop)
    client = browser(ali)
    with django_assert_few(8):
        assert client.get(at(shop, "welcome/progress/")).content.decode().strip() == ""


def tag(conn: psycopg.Connection[Any], shop: Workspace, user: str, name: str) -> None:
    happens(conn, shop, user, "Tagged")
    conn.execute(
        "INSERT INTO inbox (lane, bucket, contact_id, workspace_id, received_at, timestamp, type, name, properties, tags, hops)"
        " SELECT b.lane, c.bucket, c.id, c.workspace_id, now(), now(), 'edit', 'edit', '{}', %s, 0"
        " FROM contact c JOIN bucket_lane b ON b.bucket = c.bucket WHERE c.workspace_id = %s AND c.external_id = %s",
        (json.dumps({"add": [name]}), shop.pk, user),
    )
    settle()


def strip(page: str) -> str:
    return page.replace('<span class="num">', "").replace("</span>", "")
