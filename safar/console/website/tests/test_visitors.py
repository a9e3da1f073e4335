"""A pop-up for those of a segment: told to nobody but themselves, and only where it is sure who it is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg.sql import Literal

from safar.accounts.models import Membership
from safar.accounts.services import create_key
from safar.console.conftest import Browser
from safar.console.database import session
from safar.console.journeys.tests.road import settle
from safar.console.website.tests.filling import DRAWN, NOW, address, nobody, put_in, shown
from safar.lib.faults import Refused
from safar.lib.thrifty import Thrifty
from safar.segments.models import Segment
from safar.segments.services import apply_segments
from safar.website import script, visitors
from safar.website.form import Form
from safar.website.guards import Rate
from safar.website.keeping import Kept, list_forms, save_form
from safar.website.vouching import CONTACT, GOOD_FOR, MESSAGE, Visitor, sign_visitor

LOOKED = {"event": "Mug Viewed", "times": {"at_least": 2}, "within": "P30D"}
SECRET = ["only for the tests"]


@pytest.fixture
def house(sara: Membership, browser: Browser, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Mina is known and has looked twice, as have the browsers `visitor` and `another`; Ali is known and has not. Form → its token; `key`: of the site."""
    shop = sara.workspace
    monkeypatch.setattr(script, "seen_rate", Rate())
    monkeypatch.setattr(script, "secret_keys", lambda: SECRET)
    real = visitors.reading_now  # at the database's own hour, which these tests are not of
    monkeypatch.setattr(
        visitors, "reading_now", lambda *given: replace(real(*given), at=Literal(NOW + timedelta(hours=1)))
    )
    apply_segments(shop, {"looked": LOOKED})
    client = browser(sara, language="en")
    for key, more in {
        "in": {"members": "inside"},
        "out": {"members": "outside"},
        "rest": {"members": "not_inside"},
    }.items():
        answer = client.post(address(sara, "new/"), {**DRAWN, "key": key, "segment": "looked", **more})
        assert answer.status_code == 303, answer.content.decode()
    assert client.post(address(sara, "new/"), {**DRAWN, "key": "agree", "unless_agreed": "on"}).status_code == 303
    mina = {"anonymousId": "browser of Mina", "context": {"traits": {"email": "mina@people.example"}}}
    consent = {**mina["context"], "consent": {"email": "given"}}
    put_in(
        shop,
        NOW,
        type="identify",
        traits={"email": "mina@people.example"},
        anonymousId="browser of Mina",
        context=consent,
    )
    put_in(shop, NOW, type="identify", traits={"email": "ali@people.example"}, anonymousId="browser of Ali")
    for who in ("browser of Mina", "visitor", "another"):
        for _ in range(2):
            put_in(shop, NOW, type="track", event="Mug Viewed", anonymousId=who)
    settle()
    with session() as conn:
        tokens = {one.form.key: one.token for one in list_forms(conn, shop.pk)}
    return {**tokens, "key": create_key(workspace=shop, kind="write")}


def seen_by(house: dict[str, str], anonymous: str = "", visitor: str = "") -> set[str]:
    """Keys of the forms that open for this visitor, of those that ask."""
    said = {"anonymousId": anonymous, "visitor": visitor}
    answer = nobody().post(f"/site/forms/{house['key']}/mine", json.dumps(said), content_type="text/plain")
    assert answer.status_code == 200
    return {key for key, token in house.items() if token in answer.json()["show"]}


def vouched(shop: Any, email: str, *, kind: str = CONTACT, workspace: int = 0, at: Any = NOW) -> str:
    with session() as conn:
        (found,) = conn.execute(
            "SELECT contact_id FROM identity WHERE workspace_id = %s AND value = %s", (shop.pk, email)
        ).fetchone() or (0,)
    return sign_visitor(Visitor(kind, workspace or shop.pk, found & 1023, found), at, SECRET)


def test_a_browser_without_a_name_is_known_by_what_it_did(house: dict[str, str]) -> None:
    assert seen_by(house, "visitor") == {"in", "agree"}
    assert seen_by(house, "nobody yet") == seen_by(house) == {"rest", "agree"}


def test_whom_safar_or_the_shop_vouches_for_is_known(house: dict[str, str], sara: Membership) -> None:
    shop = sara.workspace
    with CaptureQueriesContext(connection) as asked:
        assert seen_by(house, visitor=vouched(shop, "mina@people.example")) == {"in"}  # and has agreed already
    assert len(asked) < 10
    assert seen_by(house, visitor=vouched(shop, "ali@people.example")) == {"out", "rest", "agree"}
    with session() as conn:
        (mina,) = conn.execute(
            "SELECT contact_id FROM identity WHERE workspace_id = %s AND value = 'mina@people.example'", (shop.pk,)
        ).fetchone() or (0,)
        conn.execute(
            "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, channel, class, state, decided_at)"
            " VALUES (%s, 77, %s, %s, 0, 0, 0, 0, 0, 'message', 'email', 'marketing', 'accepted', now())", (mina & 1023, shop.pk, mina),
        )  # fmt: skip
    assert seen_by(house, visitor=sign_visitor(Visitor(MESSAGE, shop.pk, mina & 1023, 77), NOW, SECRET)) == {"in"}


def test_whoever_was_merged_is_whom_they_were_merged_into_in_the_end(house: dict[str, str], sara: Membership) -> None:
    """Ali into the browser's contact, and that one into Mina."""
    shop = sara.workspace
    token = vouched(shop, "ali@people.example")
    with session() as conn:
        for loser, winner in (("ali@people.example", "visitor"), ("visitor", "mina@people.example")):
            conn.execute(
                "UPDATE contact c SET merged_into = w.contact_id FROM identity l, identity w WHERE c.bucket = l.contact_id & 1023 AND c.id = l.contact_id"
                " AND l.workspace_id = %s AND l.value = %s AND w.workspace_id = l.workspace_id AND w.value = %s",
                (shop.pk, loser, winner),
            )
    assert seen_by(house, visitor=token) == {"in"}


def test_nobody_learns_of_another_by_naming_them(
    house: dict[str, str], sara: Membership, clock: list[datetime]
) -> None:
    """An address that is typed, a userId that is guessed, a browser that was joined to somebody: none of it proves who it is."""
    unknown = {"rest", "agree"}
    assert seen_by(house, "browser of Mina") == unknown
    assert seen_by(house, "visitor") == seen_by(house, "another") == {"in", "agree"}
    # Whose browser it is fills in Mina's address, or says by the public key that it is Mina: from then on nobody says what is known, of either.
    given = {"email": "mina@people.example", "anonymous": "visitor", "shown": shown(house["agree"])}
    clock[0] += timedelta(seconds=10)
    assert nobody().post(f"/f/{house['agree']}", given).status_code == 200
    settle()
    assert seen_by(house, "visitor") == unknown
    put_in(sara.workspace, NOW, type="identify", traits={"email": "mina@people.example"}, anonymousId="another")
    settle()
    assert seen_by(house, "another") == unknown
    shop, mina = sara.workspace, "mina@people.example"
    assert seen_by(house, visitor=vouched(shop, mina, workspace=shop.pk + 1)) == unknown
    assert seen_by(house, visitor=vouched(shop, mina, at=NOW - GOOD_FOR - timedelta(days=1))) == unknown
    assert seen_by(house, visitor=vouched(shop, mina)[:-2] + "xx") == unknown
    assert seen_by(house, "visitor", visitor="made up") == unknown


def test_it_says_no_segment_and_is_asked_so_often(house: dict[str, str], sara: Membership, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    page = nobody().get(f"/site/forms/{house['key']}.json").content.decode()
    assert '"asks": true, "otherwise": false' in page
    assert "looked" not in page
    monkeypatch.setattr(script, "seen_rate", Rate(most=1))
    there = f"/site/forms/{house['key']}/mine"
    assert [nobody().post(there, "{}", content_type="text/plain").status_code for _ in range(2)] == [200, 429]
    assert nobody().post("/site/forms/pk_unknown/mine", "{}", content_type="text/plain").status_code == 404


def test_a_form_for_a_segment_needs_one_that_is_there(
    house: dict[str, str], browser: Browser, sara: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session() as conn:
        form = Form("more", {"en": "More"}, segment="gone")
        with pytest.raises(Refused) as refused:
            save_form(conn, sara.workspace_id, form, live=True, fresh=True)
    assert [fault.place for fault in refused.value.faults] == ["segment"]
    Segment.objects.filter(workspace=sara.workspace).delete()
    monkeypatch.setattr(visitors, "_compiled", Thrifty(least=60.0, most=60.0))
    assert seen_by(house, "visitor") == {"rest", "agree"}  # of a segment that is gone nobody is known to be
