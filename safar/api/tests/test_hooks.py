"""Hooks, from the call of another system to the tag at the end of the road: whom it is about, what is refused and where, what is heard once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from safar.api import hooks
from safar.api.app import application
from safar.api.tests.conftest import Client, not_django
from safar.channels.hooks.keeping import (
    MOST,
    Hook,
    change_hook,
    drop_hook,
    find_hook,
    list_hooks,
    make_hook,
    read_hook,
    renew_hook,
)
from safar.channels.hooks.reading import find, paths, proves, read_body
from safar.channels.hooks.taking import take
from safar.events.tests.shop import Shop
from safar.lib.faults import Refused
from safar.postgres.connections import connect

KEY = "only-for-tests-" + "0" * 32
SECRET = "hush hush"


class Survey:
    """Another system with the address of a hook."""

    def __init__(self, shop: Shop, client: Client, conn: Any) -> None:
        self.shop, self.client, self.conn = shop, client, conn
        client.app = application(not_django, lambda: connect(shop.url, application_name="safar tests"), [KEY])
        self.hook = make_hook(conn, shop.id, "survey")

    def says(self, body: Any, kind: str = "application/json", path: str = "", **headers: str) -> Any:
        """(status, answer)."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"content-type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.request("POST", path or self.hook.path, data, given)

    def inbox(self) -> list[tuple[str, Any]]:
        return self.conn.execute("SELECT name, properties FROM inbox ORDER BY id").fetchall()

    def kept(self) -> Hook:
        found = read_hook(self.conn, self.shop.id, "survey")
        assert found is not None
        return found


@pytest.fixture
def survey(shop: Shop, client: Client, conn: Any) -> Iterator[Survey]:
    yield Survey(shop, client, conn)
    client.stop()


def test_a_call_brings_its_contact_into_the_journey(survey: Survey) -> None:
    from safar.accounts.models import Workspace
    from safar.journeys import services
    from safar.journeys.engine.loop import Engine

    good = {"kind": "webhook_received", "hook": "survey", "where": {"answers.score": {"at_least": 9}}, "next": "mark"}
    journey = {
        "journey": "j",
        "title": {"en": "J"},
        "start": {"s": good},
        "points": {"mark": {"kind": "add_tag", "tag": "fan"}},
    }
    workspace = Workspace.objects.get(pk=survey.shop.id)
    services.apply_journey(workspace, json.dumps(journey))
    services.publish(workspace, "j", connection=survey.conn)
    for who, score in (("sara", 10), ("ali", 3)):
        assert survey.says({"email": f"{who}@people.example", "answers": {"score": score}})[0] == 200
    engine = Engine(survey.shop.url)
    while engine.run_once():
        pass
    engine.close()
    tagged = survey.conn.execute(
        "SELECT c.email, e.properties FROM contact_tag g JOIN contact c ON c.bucket = g.bucket AND c.id = g.contact_id"
        " JOIN event e ON e.bucket = c.bucket AND e.contact_id = c.id AND e.name = 'webhook_received'"
    ).fetchall()
    said = {"hook": "survey", "email": "sara@people.example", "answers": {"score": 10}}
    assert tagged == [("sara@people.example", said)]


def test_the_paths_of_a_hook_are_its_own(shop: Shop, conn: Any, client: Client) -> None:
    hook = make_hook(conn, shop.id, "crm")
    change_hook(
        conn, hook, fields={"user_id": "customer.id", "phone": "customer.phones.0"}, header="", secret="", keys=[KEY]
    )
    survey = Survey(shop, client, conn)
    assert survey.says({"customer": {"id": 7, "phones": ["0912 123 4567"]}}, path=hook.path)[0] == 200
    names = conn.execute("SELECT kind, value FROM identity ORDER BY 1").fetchall()
    assert names == [(1, "7"), (4, "+989121234567")]
    assert [name for name, _ in survey.inbox()] == ["identify", "webhook_received"]
    assert survey.says({"customer": {"id": 7}, "more": 1}, path=hook.path)[0] == 200
    assert [name for name, _ in survey.inbox()][2:] == ["webhook_received"], "who is known is not introduced again"


def test_a_form_is_taken_as_well(survey: Survey) -> None:
    kind = "application/x-www-form-urlencoded; charset=utf-8"
    assert survey.says(b"email=Sara%40people.example&tag=a&tag=b&note=%D8%B3", kind)[0] == 200
    assert survey.inbox()[-1][1] == {"hook": "survey", "email": "Sara@people.example", "tag": ["a", "b"], "note": "س"}


REFUSED: list[tuple[Any, str, int, str]] = [
    ({"email": "no address"}, "application/json", 400, "email"),
    ({"phone": "12"}, "application/json", 400, "phone"),
    ({"userId": "x" * 300}, "application/json", 400, "userId"),
    ({"name": "Sara"}, "application/json", 400, "email"),
    ([1], "application/json", 400, ""),
    (b"{", "application/json", 400, ""),
    (b'{"email": "a@b.example", "email": "c@d.example"}', "application/json", 400, ""),
    ({"email": "a@b.example", "n": {"x": "\0"}}, "application/json", 400, "n.x"),
    ({"email": "a@b.example", "n": "x" * 9_000}, "application/json", 400, "n"),
    ({"email": "a@b.example", **{f"n{n}": "x" * 8_000 for n in range(5)}}, "application/json", 400, ""),
    ({"email": "a@b.example", **{f"n{n}": n for n in range(300)}}, "application/json", 400, "properties"),
    (b"email=%ff", "application/x-www-form-urlencoded", 400, ""),
    (b"&".join(b"a=%d" % n for n in range(300)), "application/x-www-form-urlencoded", 400, ""),
    (b"email=x", "multipart/form-data; boundary=x", 415, ""),
    (b"x" * 600_000, "application/json", 413, ""),
]


@pytest.mark.parametrize(("body", "kind", "status", "place"), REFUSED)
def test_what_makes_no_sense_is_refused_with_its_place(
    survey: Survey, body: Any, kind: str, status: int, place: str
) -> None:
    got, answer = survey.says(body, kind)
    assert got == status
    assert not place or place in [fault["place"] for fault in answer["faults"]]
    assert survey.inbox() == []


def test_the_page_shows_the_latest_call_and_what_was_wrong_with_it(
    survey: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey.says({"who": {"mail": "sara@people.example"}})
    kept = survey.kept()
    assert json.loads(kept.last_body or "") == {"who": {"mail": "sara@people.example"}}
    assert "does not say whom" in (kept.last_fault or "")
    survey.says({"email": "sara@people.example"})
    monkeypatch.setattr(hooks, "NOTED_EVERY", 0.0)
    survey.says({"email": 5})
    assert "is no e-mail address" in (survey.kept().last_fault or "")
    survey.client.stop()
    refused = survey.conn.execute("SELECT DISTINCT path FROM refusal").fetchall()
    assert refused == [("/hooks/survey",)], "without the secret address"


def test_a_busy_hook_does_not_write_its_row_each_time(survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "NOTED_EVERY", 3_600.0)
    for number in range(3):
        survey.says({"email": number})
    assert json.loads(survey.kept().last_body or "") == {"email": 0}
    for who in ("sara", "ali"):
        survey.says({"email": f"{who}@people.example"})
    assert json.loads(survey.kept().last_body or "") == {"email": "sara@people.example"}, "good ones are kept apart"
    assert survey.kept().last_fault is None


def test_a_call_that_comes_again_is_heard_once(survey: Survey) -> None:
    sara = {"email": "sara@people.example"}
    for _ in range(3):
        assert survey.says(sara)[0] == 200
    assert len(survey.inbox()) == 2
    survey.says({**sara, "n": 1})
    for number in ("a", "a", "b"):
        survey.says({**sara, "n": 2}, idempotency_key=number)
    assert [said.get("n") for name, said in survey.inbox() if name == "webhook_received"] == [None, 1, 2, 2]


def test_calls_that_come_again_do_not_move_the_window_on(survey: Survey) -> None:
    heard = []
    for moment in ("10:50", "11:40", "12:30"):
        at = datetime.fromisoformat(f"2026-03-21T{moment}:00+00:00")
        parcel = take(survey.hook, {}, b"{}", {"email": "sara@people.example"}, at)
        assert parcel.first is not None
        with survey.conn.transaction():
            heard.append(bool(parcel.first(survey.conn, parcel.messages)))
    assert heard == [True, False, True]


def test_a_signature_is_asked_for_where_the_hook_has_one(survey: Survey) -> None:
    survey.conn.execute("DELETE FROM hook")
    hook = survey.hook = make_hook(survey.conn, survey.shop.id, "signed")
    change_hook(survey.conn, hook, fields={"email": "email"}, header="X-Signature", secret=SECRET, keys=[KEY])
    body = b'{"email": "sara@people.example"}'
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256)
    assert survey.says(body)[0] == 401
    assert survey.says(body, x_signature="sha256=" + "0" * 64)[0] == 401
    assert survey.says(body + b" ", x_signature=digest.hexdigest())[0] == 401
    assert survey.says(body, x_signature=f"sha256={digest.hexdigest()}")[0] == 200
    assert (
        survey.says(
            body + b" ", x_signature=base64.b64encode(hmac.digest(SECRET.encode(), body + b" ", "sha256")).decode()
        )[0]
        == 200
    )
    kept = read_hook(survey.conn, survey.shop.id, "signed")
    assert kept is not None
    assert SECRET.encode() not in (kept.sealed or b"")
    assert SECRET not in repr(kept)


def test_an_address_is_secret_and_can_be_renewed(survey: Survey) -> None:
    assert survey.client.request("GET", survey.hook.path)[0] == 405
    assert survey.says({}, path="/hooks/")[0] == 404
    assert survey.says({}, path=f"/hooks/{'x' * 32}")[0] == 404
    assert not renew_hook(survey.conn, survey.shop.id + 1, "survey")
    assert renew_hook(survey.conn, survey.shop.id, "survey")
    assert find_hook(survey.conn, survey.hook.token) is None
    assert survey.kept().token != survey.hook.token
    assert not drop_hook(survey.conn, survey.shop.id + 1, "survey")
    assert drop_hook(survey.conn, survey.shop.id, "survey")


def test_hooks_are_refused_with_every_fault(survey: Survey) -> None:
    for key in ("survey", "Survey", "", "a b"):
        with pytest.raises(Refused):
            make_hook(survey.conn, survey.shop.id, key)
    with pytest.raises(Refused) as refused:
        change_hook(survey.conn, survey.hook, fields={}, header="no header", secret="", keys=[KEY])
    assert {fault.place for fault in refused.value.faults} == {"email", "header", "secret"}
    for number in range(MOST - 1):
        make_hook(survey.conn, survey.shop.id, f"h{number}")
    with pytest.raises(Refused, match="at most"):
        make_hook(survey.conn, survey.shop.id, "more")
    assert len(list_hooks(survey.conn, survey.shop.id)) == MOST


def test_paths_lead_where_they_say() -> None:
    data = {"a": {"b": [{"c": 1}, "x"]}, "form.e-mail": "y", "p.q": {"r": 2}, "no": None, "yes": True}
    assert [find(data, path) for path in ("a.b.0.c", "a.b.1", "form.e-mail", "p.q.r")] == [1, "x", "y", 2]
    assert [find(data, path) for path in ("a.b.9", "a.x", "b", "", "a.b.-1")] == [None] * 5
    assert paths(data) == [("a.b.0.c", "1"), ("a.b.1", "x"), ("form.e-mail", "y"), ("p.q.r", "2")]
    assert all(find(data, path) is not None for path, _ in paths(data))
    assert not proves("é" * 5, b"x", "secret")
    assert read_body(b"", "application/x-www-form-urlencoded") == {}
