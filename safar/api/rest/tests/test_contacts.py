"""Contacts over HTTP: found, read, listed, edited; their events."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from safar.api.rest.tests.conftest import House, send, tick
from safar.channels.consent.contact_pages import secret_keys
from safar.contacts.topics import Topic, save_topic
from safar.website.vouching import CONTACT, Visitor, read_visitor


def test_a_contact_is_found_by_each_of_its_names(house: House) -> None:
    sara = house.people["sara"]
    slug = house.workspace.slug
    for asked in ("user_id=sara", "key=sara", f"email=SARA@{slug}.example"):
        status, found = house.get(f"/contacts/find?{asked}")
        assert (status, found["id"]) == (200, sara), asked
    for asked in ("user_id=nobody", "phone=09121234567", "email=x", "phone=abc"):
        assert house.get(f"/contacts/find?{asked}")[0] == 404, asked
    for asked in ("", "?user_id=sara&key=sara"):
        assert house.get(f"/contacts/find{asked}")[0] == 400


def test_a_contact_comes_whole(house: House) -> None:
    status, sara = house.get(f"/contacts/{house.people['sara']}")
    assert status == 200
    assert sara["key"] == sara["user_id"] == "sara"
    assert sara["traits"]["first_name"] == "Sara"
    assert sara["identities"]["email"] == [f"sara@{house.workspace.slug}.example"]
    assert sara["facts"]["orders"] == 1
    assert float(sara["facts"]["spent"]) == 480000
    assert (sara["tags"], sara["consents"], sara["enrollments"]) == ([], [], [])


def test_an_edit_goes_in_as_an_event(house: House, conn: psycopg.Connection[object]) -> None:
    sara = house.people["sara"]
    edit = {
        "traits": {"city": "شیراز", "first_name": None},
        "tags": {"add": ["vip", "new"]},
        "consent": {"email": "given"},
    }
    assert house.ask("PATCH", f"/contacts/{sara}", edit) == (202, {"id": sara, "accepted": True, "applied": False})
    tick()
    assert house.ask("PATCH", f"/contacts/{sara}", {"tags": {"remove": ["new"]}})[0] == 202
    tick()
    found = house.get(f"/contacts/{sara}")[1]
    assert found["traits"]["city"] == "شیراز"
    assert "first_name" not in found["traits"]
    assert found["tags"] == ["vip"]
    assert [(c["channel"], c["state"]) for c in found["consents"]] == [("email", "given")]
    events = house.get(f"/contacts/{sara}/events?name=edit")[1]["data"]
    assert events[0]["context"]["by"].startswith("sk_")


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        ({}, ""),
        ({"tag": "vip"}, "tag"),
        ({"traits": []}, "traits"),
        ({"traits": {f"t{n}": n for n in range(256)}}, "traits"),
        ({"tags": {"put": ["vip"]}}, "tags.put"),
        ({"tags": {"add": "vip"}}, "tags.add"),
        ({"tags": {"add": [""]}}, "tags.add.0"),
        ({"consent": {"email": "perhaps"}}, "consent.email"),
        ({"consent": {"pigeon": "given"}}, "consent.pigeon"),
        ({"traits": {"a": "\0"}}, "traits.a"),
        ('{"traits": {"a": 1, "a": 2}}', "traits.a"),
        ("[]", ""),
        ("{", ""),
    ],
)
def test_a_bad_edit_is_refused_with_its_place(house: House, edit: object, place: str) -> None:
    status, problem = house.ask("PATCH", f"/contacts/{house.people['ali']}", edit)
    assert status == 400
    assert place in [fault["place"] for fault in problem["faults"]]
    assert problem["title"] == "Bad Request"


def test_an_address_of_another_contact_is_refused(house: House) -> None:
    mail = f"ALI@{house.workspace.slug}.example"
    status, problem = house.ask("PATCH", f"/contacts/{house.people['sara']}", {"traits": {"email": mail}})
    assert (status, problem["faults"][0]["place"]) == (400, "traits.email")
    phone = {"traits": {"phone": "۰۹۱۲ ۱۲۳ ۴۵۶۷"}}
    assert house.ask("PATCH", f"/contacts/{house.people['sara']}", phone)[0] == 202
    assert house.get("/contacts/find?phone=09121234567")[1]["id"] == house.people["sara"]


def test_who_is_not_there_is_404(house: House) -> None:
    for path in ("/contacts/1", "/contacts/99999999999999999999999", "/contacts/1/events"):
        assert house.get(path)[0] == 404
    assert house.ask("PATCH", "/contacts/1", {"tags": {"add": ["x"]}})[0] == 404
    assert house.get("/contacts/sara")[0] == 404


def test_lists_are_paged_by_place(house: House) -> None:
    seen: list[int] = []
    after = ""
    for _ in range(10):
        status, page = house.get(f"/contacts?limit=1&after={after}")
        assert status == 200
        seen += [each["id"] for each in page["data"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert sorted(seen) == sorted(house.people.values())
    for asked in ("limit=0", "limit=201", "limit=x", "after=nonsense", "after=WzEsIDIsIDNd", "after=WyJhIiwgMV0"):
        status, problem = house.get(f"/contacts?{asked}")
        assert (status, problem["faults"][0]["place"]) == (400, asked.partition("=")[0]), asked


def test_events_of_a_contact_are_paged_newest_first(house: House, conn: psycopg.Connection[object]) -> None:
    for number in range(3):
        seen = {"type": "track", "userId": "ali", "event": "Product Viewed", "properties": {"number": number}}
        send(conn, house.workspace, [seen])
    tick()
    ali = house.people["ali"]
    first = house.get(f"/contacts/{ali}/events?limit=2&name=Product%20Viewed")[1]
    second = house.get(f"/contacts/{ali}/events?limit=2&name=Product%20Viewed&after={first['next']}")[1]
    assert [each["properties"]["number"] for each in first["data"] + second["data"]] == [2, 1, 0]
    assert second["next"] is None
    assert house.get(f"/contacts/{ali}/events?after=WyJ4IiwgMV0")[0] == 400


def test_an_edit_says_all_that_a_page_can_say(house: House, conn: psycopg.Connection[object]) -> None:
    sara = house.people["sara"]
    save_topic(conn, house.workspace.pk, Topic("news", {"en": "News"}), fresh=True)
    edit = {"topics": {"news": "left"}, "user_id": "sara-2", "note": "rings in the evening", "reason": "on the phone"}
    assert house.ask("PATCH", f"/contacts/{sara}?wait=0", edit)[0] == 202
    tick()
    found = house.get(f"/contacts/{sara}")[1]
    assert [(one["topic"], one["state"], one["source"]) for one in found["topics"]] == [("news", "left", "edit")]
    assert found["consents"] == []
    assert "sara-2" in found["identities"]["user_id"]
    events = {each["name"]: each for each in house.get(f"/contacts/{sara}/events")[1]["data"]}
    assert events["note_added"]["properties"]["note"] == "rings in the evening"
    assert events["edit"]["context"]["reason"] == "on the phone"
    for wrong, place in (
        ({"topics": {"newz": "left"}}, "topics.newz"),
        ({"topics": {"news": "gone"}}, "topics.news"),
        ({"user_id": "ali"}, "user_id"),
        ({"note": " "}, "note"),
        ({"reason": "nothing else"}, ""),
    ):
        status, problem = house.ask("PATCH", f"/contacts/{sara}", wrong)
        assert (status, problem["faults"][0]["place"]) == (400, place)
    assert house.ask("PATCH", f"/contacts/{sara}?wait=5", edit)[0] == 400


def test_a_server_vouches_for_whom_it_has_signed_in(house: House) -> None:
    status, told = house.get(f"/contacts/{house.people['sara']}/visitor")
    assert status == 200
    found = read_visitor(told["visitor"], datetime.now(UTC), secret_keys())
    assert found == Visitor(CONTACT, house.workspace.pk, house.people["sara"] & 1023, house.people["sara"])
    assert house.get("/contacts/1/visitor")[0] == 404
