"""map.json: drafts are kept with their faults, against a revision."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from safar.accounts.models import Membership, Workspace
from safar.console.conftest import Browser
from safar.console.journeys.tests.road import draw
from safar.journeys.models import Journey

pytestmark = pytest.mark.usefixtures("database_url")


def address(shop: Workspace, name: str = "map.json") -> str:
    return f"/w/{shop.slug}/journeys/welcome/{name}"


def put(client: Client, shop: Workspace, draft: Any, revision: int) -> Any:
    body = json.dumps({"draft": draft, "revision": revision})
    return client.put(address(shop), body, content_type="application/json")


@pytest.fixture
def journey(shop: Workspace) -> Journey:
    return draw(shop)


def test_the_map_says_what_it_shows(shop: Workspace, sara: Membership, browser: Browser, journey: Journey) -> None:
    told = browser(sara).get(address(shop)).json()
    assert told["revision"] == 1
    assert told["faults"] == []
    assert told["summaries"]["points.greet"] == "sends “hello”"
    assert told["ways"]["points.bought"] == ["happened", "timed_out"]
    assert told["ways"]["points.bye"] == []
    persian = browser(sara, language="fa").get(address(shop)).json()
    assert persian["summaries"]["points.greet"] == "«hello» را می‌فرستد"


def test_an_unfinished_draft_is_kept_and_its_faults_are_told(
    shop: Workspace, ali: Membership, browser: Browser, journey: Journey
) -> None:
    client = browser(ali)
    draft = client.get(address(shop)).json()["draft"]
    draft["points"]["greet"].pop("template")
    draft["points"]["bought"]["paths"]["timed_out"] = "nowhere"
    told = put(client, shop, draft, 1).json()
    assert told["revision"] == 2
    assert told["by"] == ali.member.email
    assert {fault["place"] for fault in told["faults"]} >= {"points.greet.template", "points.bought.paths.timed_out"}
    assert client.get(address(shop)).json()["draft"]["points"]["greet"] == {"kind": "send_email", "next": "bought"}


def test_faults_are_said_in_the_pages_language(
    shop: Workspace, ali: Membership, browser: Browser, journey: Journey
) -> None:
    client = browser(ali, language="fa")
    draft = client.get(address(shop)).json()["draft"]
    draft["points"]["greet"]["template"] = "none-such"
    told = put(client, shop, draft, 1).json()
    assert told["faults"][0]["message"] == "قالبی به نام «\u2068none-such\u2069» وجود ندارد."


def test_the_second_of_two_is_told_and_nothing_is_overwritten(
    shop: Workspace, sara: Membership, ali: Membership, browser: Browser, journey: Journey
) -> None:
    first, second = browser(sara), browser(ali)
    theirs, mine = first.get(address(shop)).json()["draft"], second.get(address(shop)).json()["draft"]
    theirs["points"]["thanks"]["tag"] = "gold"
    mine["points"]["thanks"]["tag"] = "silver"
    assert put(first, shop, theirs, 1).status_code == 200
    answer = put(second, shop, mine, 1)
    assert answer.status_code == 409
    told = answer.json()
    assert (told["revision"], told["by"]) == (2, sara.member.email)
    assert told["draft"]["points"]["thanks"]["tag"] == "gold"
    assert first.get(address(shop)).json()["draft"]["points"]["thanks"]["tag"] == "gold"
    assert put(second, shop, mine, 2).json()["revision"] == 3


def test_saving_the_same_again_is_no_change(
    shop: Workspace, ali: Membership, browser: Browser, journey: Journey
) -> None:
    client = browser(ali)
    draft = client.get(address(shop)).json()["draft"]
    assert put(client, shop, draft, 1).json()["revision"] == 1
    draft["points"]["thanks"]["tag"] = "gold"
    assert put(client, shop, draft, 1).json()["revision"] == 2
    assert put(client, shop, draft, 1).json()["revision"] == 2  # an answer that was lost, asked for again


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("no json", 400),
        ("[1]", 400),
        ('{"draft": {}, "revision": "1"}', 400),
        ('{"draft": {"journey": "other", "start": {}, "points": {}}, "revision": 1}', 422),
        ('{"draft": {"journey": "welcome", "points": {"a": "\\u0000"}}, "revision": 1}', 422),
        ('{"draft": {"journey": "welcome", "points": 5, "start": [1]}, "revision": 1}', 200),
    ],
)
def test_whatever_is_sent_is_kept_or_refused(
    shop: Workspace, ali: Membership, browser: Browser, journey: Journey, body: str, status: int
) -> None:
    client = browser(ali)
    answer = client.put(address(shop), body, content_type="application/json")
    assert answer.status_code == status
    assert answer.json()["faults"]
    assert client.get(f"/w/{shop.slug}/journeys/welcome/").status_code == 200
    assert client.get(f"/w/{shop.slug}/journeys/").status_code == 200


def test_the_text_of_a_draft_reads_back_to_the_same(
    shop: Workspace, mina: Membership, browser: Browser, journey: Journey
) -> None:
    client = browser(mina)
    draft = client.get(address(shop)).json()["draft"]
    text = client.post(address(shop, "parse.json"), {"draft": draft}, content_type="application/json").json()["yaml"]
    back = client.post(address(shop, "parse.json"), {"text": text}, content_type="application/json").json()
    assert back == {"draft": draft, "faults": []}


def test_a_pasted_text_keeps_the_journeys_key_and_says_its_lines(
    shop: Workspace, ali: Membership, browser: Browser, journey: Journey
) -> None:
    client = browser(ali)
    other = "journey: other\nstart: {seen: {kind: event, event: X}}\n"
    told = client.post(address(shop, "parse.json"), {"text": other}, content_type="application/json").json()
    assert told["draft"]["journey"] == "welcome"
    broken = client.post(address(shop, "parse.json"), {"text": "journey: [\n"}, content_type="application/json")
    assert broken.status_code == 422
    assert broken.json()["faults"][0]["line"]


def test_the_key_of_a_point_may_be_a_number_in_its_paths(
    shop: Workspace, ali: Membership, browser: Browser, journey: Journey
) -> None:
    client = browser(ali)
    draft = client.get(address(shop)).json()["draft"]
    draft["points"]["split"] = {"kind": "split", "shares": {"2": 50, "1": 50}, "paths": {"2": "bye"}}
    assert put(client, shop, draft, 1).json()["faults"] == []
    assert list(client.get(address(shop)).json()["draft"]["points"]["split"]["shares"]) == ["2", "1"]
