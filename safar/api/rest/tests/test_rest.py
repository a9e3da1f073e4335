"""Segments, templates, messages, the catalogue, and the manners of all addresses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from safar.api.rest.tests.conftest import House, tick
from safar.website.coming import Coming
from safar.website.counting import SHOWN, count_seen
from safar.website.form import Form
from safar.website.keeping import list_forms, save_form

BUYERS = {"title": {"en": "Buyers", "fa": "خریداران"}, "condition": {"fact": "orders", "at_least": 1}}


def test_a_segment_is_put_counted_listed_and_deleted(house: House) -> None:
    assert house.ask("PUT", "/segments/buyers", BUYERS) == (200, {"key": "buyers", "changed": True})
    assert house.ask("PUT", "/segments/buyers", BUYERS)[1]["changed"] is False
    assert house.get("/segments/buyers/count") == (200, {"number": 1, "whole": True})
    members = house.get("/segments/buyers/members")[1]
    assert [each["id"] for each in members["data"]] == [house.people["sara"]]
    found = house.get("/segments/buyers")[1]
    assert (found["condition"], found["title"]["fa"], found["journeys"]) == (BUYERS["condition"], "خریداران", [])
    assert [each["key"] for each in house.get("/segments")[1]["data"]] == ["buyers"]
    assert house.ask("DELETE", "/segments/buyers")[0] == 204
    assert house.get("/segments/buyers")[0] == 404


def test_a_segment_in_use_stays(house: House) -> None:
    house.ask("PUT", "/segments/buyers", "condition: {fact: orders, at_least: 1}")
    house.ask("PUT", "/segments/both", {"all": [{"segment": "buyers"}, {"tag": "vip"}]})
    journey = {"journey": "w", "start": {"s": {"kind": "segment_joined", "segment": "buyers"}}}
    assert house.ask("PUT", "/journeys/w", journey)[0] == 200
    status, problem = house.ask("DELETE", "/segments/buyers")
    assert status == 409
    assert sorted(fault["place"] for fault in problem["faults"]) == ["journey", "segment"]
    assert house.get("/segments/buyers")[1]["journeys"] == ["w"]


def test_members_of_a_watched_segment_follow_its_condition(house: House, conn: psycopg.Connection[object]) -> None:
    house.ask("PUT", "/segments/some", {"tag": "vip"})
    journey = {"journey": "w", "start": {"s": {"kind": "segment_joined", "segment": "some"}}}
    house.ask("PUT", "/journeys/w", journey)
    assert house.ask("POST", "/journeys/w/publish")[0] == 200
    tick()
    assert house.ask("PUT", "/segments/some", {"fact": "orders", "at_least": 1})[0] == 200
    tick()
    members = conn.execute(
        "SELECT contact_id FROM segment_member WHERE contact_id = ANY (%s)", (list(house.people.values()),)
    )
    assert members.fetchall() == [(house.people["sara"],)]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"fact": "orderz", "at_least": 1}, "condition.fact"),
        ({"condition": {"all": [{"tag": 1}]}}, "condition.all.0.tag"),
        ({"segment": "buyers"}, "condition"),
        ({"condition": {"tag": "x"}, "title": "Buyers"}, "title"),
        ("- a", ""),
    ],
)
def test_a_bad_segment_is_refused_with_its_place(house: House, body: object, place: str) -> None:
    status, problem = house.ask("PUT", "/segments/buyers", body)
    assert (status, problem["faults"][0]["place"]) == (400, place), problem


def test_templates_are_put_and_read(house: House) -> None:
    hello = {"channel": "sms", "languages": {"fa": {"text": "سلام {{ contact.first_name }}"}}}
    assert house.ask("PUT", "/templates/hello", hello) == (200, {"key": "hello", "changed": True})
    assert house.ask("PUT", "/templates/hello", hello)[1]["changed"] is False
    assert house.get("/templates/hello")[1]["languages"] == hello["languages"]
    assert [each["languages"] for each in house.get("/templates")[1]["data"]] == [["fa"]]
    assert house.get("/templates/helo")[1]["detail"].endswith("did you mean 'hello'?")
    status, problem = house.ask("PUT", "/templates/hello", {"channel": "sms", "languages": {"fa": {"text": "{{ a"}}})
    assert (status, problem["faults"][0]["place"]) == (400, "languages.fa.text")
    assert house.ask("PUT", "/templates/no key", hello)[0] == 400


def test_messages_are_listed_and_read(house: House, conn: psycopg.Connection[object]) -> None:
    sara = house.people["sara"]
    conn.execute(
        "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point,"
        " journey_key, point_key, kind, channel, class, state, subject, body_text, decided_at)"
        " SELECT %(c)s & 1023, n, %(w)s, %(c)s, 1, n, 1, 0, 0, 'welcome', 'greet', 'message', 'email', 'marketing',"
        " CASE WHEN n %% 2 = 0 THEN 'accepted' ELSE 'skipped' END, 'سلام', 'متن', now() FROM generate_series(%(n)s, %(n)s + 3) n",
        {"c": sara, "w": house.workspace.pk, "n": house.workspace.pk * 10},
    )
    first = house.get("/messages?limit=3")[1]
    second = house.get(f"/messages?limit=3&after={first['next']}")[1]
    assert len(first["data"]) + len(second["data"]) == 4
    assert first["data"][0]["class"] == "marketing"
    assert len(house.get("/messages?journey=welcome&state=skipped")[1]["data"]) == 2
    assert len(house.get(f"/messages?contact_id={sara}")[1]["data"]) == 4
    assert house.get("/messages?journey=other")[1]["data"] == []
    found = house.get(f"/messages/{house.workspace.pk * 10}")[1]
    assert (found["body_text"], found["journey"]) == ("متن", "welcome")
    assert house.get("/messages?state=lost")[0] == 400
    assert house.get("/messages/1")[0] == 404


def test_nothing_there_and_wrong_methods_are_problems_too(house: House) -> None:
    assert house.get("/nothing")[1]["title"] == "Not Found"
    assert house.ask("DELETE", "/contacts")[0] == 405
    assert house.ask("OPTIONS", "/contacts")[0] == 405  # no CORS: keys are for servers
    assert house.get("/journeys/a%00b")[0] == 400
    assert house.get("/contacts/find?key=%00")[0] == 400


def test_bodies_have_bounds(house: House) -> None:
    large = '{"traits": {"a": "' + "x" * (512 * 1024) + '"}}'
    assert house.ask("PATCH", f"/contacts/{house.people['sara']}", large)[0] == 413
    assert house.ask("PUT", "/journeys/welcome", large)[0] == 413
    packed = house.ask("PATCH", f"/contacts/{house.people['sara']}", "{}", **{"content-encoding": "gzip"})
    assert packed[0] == 415
    deep = '{"traits": {"a": ' + "[" * 40 + "]" * 40 + "}}"
    assert house.ask("PATCH", f"/contacts/{house.people['sara']}", deep)[0] == 400


def test_the_description_is_served(house: House) -> None:
    status, schema = house.get("/openapi.json", authorization="")
    assert status == 200
    assert schema["openapi"].startswith("3.1")
    assert "/api/v1/journeys/{key}" in schema["paths"]
    assert set(schema["components"]["securitySchemes"]) == {"Bearer", "Basic"}


def test_forms_and_their_figures(house: House, conn: psycopg.Connection[Any]) -> None:
    save_form(conn, house.workspace.pk, Form("news", {"en": "Mug news"}), live=True, fresh=True)
    (kept,) = list_forms(conn, house.workspace.pk)
    at = datetime.now(UTC)
    count_seen(conn, kept, SHOWN, Coming("https://shop.example/mugs/", campaign={"source": "insta"}), at)
    assert [one["key"] for one in house.get("/forms")[1]["data"]] == ["news"]
    assert house.get("/forms/news")[1]["address"].endswith(f"/f/{kept.token}")
    found = house.get("/forms/news/figures?days=7")[1]
    assert (found["shown"], found["sent"], found["orders"], found["money"]) == (1, 0, 0, "0")
    assert [(one["name"], one["shown"]) for one in found["by_page"]] == [("shop.example/mugs", 1)]
    assert [one["name"] for one in found["by_source"]] == ["insta"]
    assert house.get("/forms/news/figures?days=0")[0] == 400
    assert "did you mean 'news'" in house.get("/forms/newz")[1]["detail"]
