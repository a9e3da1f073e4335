"""Segments: listed, built, counted while one works, kept while they are in use."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

from safar.accounts.models import Membership, Workspace
from safar.console.conftest import Browser
from safar.console.events.tests.walk import put
from safar.journeys.services import apply_journey
from safar.segments.models import Segment
from safar.segments.services import apply_segments
from safar.website.form import Form
from safar.website.keeping import save_form

SARA = {"event": "Seen sara", "times": {"at_least": 1}}


@pytest.fixture
def filled(shop: Workspace) -> Workspace:
    """Somebody whom a condition can find, and two segments, of which a journey uses one."""
    from django.db import connection

    connection.ensure_connection()
    put(shop.pk, "sara", refused=False)
    titles = {"fa": "خریداران", "en": "Buyers"}
    apply_segments(
        shop, {"buyers": {"title": titles, "condition": {"fact": "orders", "at_least": 1}}, "vip": {"tag": "vip"}}
    )
    apply_journey(shop, json.dumps({"journey": "w", "start": {"s": {"kind": "segment_joined", "segment": "buyers"}}}))
    return shop


def test_the_list_says_what_a_segment_is_and_who_uses_it(filled: Workspace, mina: Membership, browser: Browser) -> None:
    page = browser(mina, language="fa").get(f"/w/{filled.slug}/segments/").content.decode()
    assert "خریداران" in page
    assert "تعداد سفارش" in page
    assert f"/w/{filled.slug}/journeys/w/" in page
    assert "segments/new/" not in page


def test_a_segment_is_made_and_changed(filled: Workspace, ali: Membership, browser: Browser) -> None:
    client = browser(ali)
    made = {"title_en": "Seen lately", "condition": json.dumps(SARA)}
    assert client.post(f"/w/{filled.slug}/segments/new/", made).status_code == 303
    kept = Segment.objects.get(workspace=filled, key="seen-lately")
    assert (kept.title, json.loads(kept.condition)) == ({"en": "Seen lately"}, SARA)
    assert client.post(f"/w/{filled.slug}/segments/new/", made).status_code == 303
    assert Segment.objects.filter(workspace=filled, key="seen-lately-2").exists()
    changed = {"title_en": "Seen", "title_fa": "دیده", "condition": "tag: seen"}
    assert client.post(f"/w/{filled.slug}/segments/seen-lately/", changed).status_code == 303
    kept.refresh_from_db()
    assert (kept.title["fa"], json.loads(kept.condition)) == ("دیده", {"tag": "seen"})


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"title_en": "", "condition": "tag: x"}, "Give it a name."),
        ({"title_en": "X", "key": "No Key", "condition": "tag: x"}, "Latin small letters"),
        ({"title_en": "X", "key": "vip", "condition": "tag: x"}, "There is a segment of this key already."),
        ({"title_en": "X", "condition": "orderz: 1"}, "there is no kind of condition"),
        ({"title_en": "X", "condition": "a: b: c"}, "alert-danger"),
        ({"title_en": "X", "condition": "segment: nothing"}, "nothing"),
    ],
)
def test_what_is_wrong_is_said(
    filled: Workspace, ali: Membership, browser: Browser, form: dict[str, str], said: str
) -> None:
    answer = browser(ali).post(f"/w/{filled.slug}/segments/new/", form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Segment.objects.filter(workspace=filled).count() == 2


def test_who_is_in_it_is_shown_while_one_works(filled: Workspace, mina: Membership, browser: Browser) -> None:
    client = browser(mina)
    address = f"/w/{filled.slug}/segments/preview/"
    shown = client.post(address, {"condition": json.dumps(SARA)}).content.decode()
    assert ">1</span> contact" in shown
    assert "sara@shop.example" in shown
    assert "Nobody" in client.post(address, {"condition": "tag: nobody"}).content.decode()
    unfinished = client.post(address, {"condition": '{"all": [{"tag": ""}]}'}).content.decode()
    assert "all.0.tag" in unfinished
    for text in ("", "{", "[1]", "tag: \0"):
        assert client.post(address, {"condition": text}).status_code == 200, text
    assert client.post(f"/w/{filled.slug}/segments/parse/", {"condition": "tag: x"}).json() == {
        "condition": {"tag": "x"}
    }
    assert client.post(f"/w/{filled.slug}/segments/parse/", {"condition": "a: b: c"}).status_code == 422
    assert "0" in client.get(f"/w/{filled.slug}/segments/vip/count/").content.decode()


def test_counting_stops_when_its_time_is_up(
    filled: Workspace, mina: Membership, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safar.console.segments.editing.SECONDS", 0.0)
    shown = browser(mina).post(f"/w/{filled.slug}/segments/preview/", {"condition": json.dumps(SARA)}).content.decode()
    assert "more than" in shown


def test_a_segment_in_use_stays(filled: Workspace, ali: Membership, browser: Browser) -> None:
    client = browser(ali)
    answer = client.post(f"/w/{filled.slug}/segments/buyers/delete/", follow=True)
    assert "would not work without it" in answer.content.decode()
    client.post(f"/w/{filled.slug}/segments/vip/delete/")
    assert list(Segment.objects.filter(workspace=filled).values_list("key", flat=True)) == ["buyers"]


def test_a_segment_that_a_form_opens_for_stays(
    filled: Workspace, ali: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    form = Form("hello", {"en": "Hello"}, segment="vip")
    save_form(conn, filled.pk, form, live=False, fresh=True)
    answer = browser(ali).post(f"/w/{filled.slug}/segments/vip/delete/", follow=True).content.decode()
    assert "hello would not work without it" in answer
    assert Segment.objects.filter(workspace=filled, key="vip").exists()


def test_an_empty_list_teaches(shop: Workspace, ali: Membership, browser: Browser) -> None:
    page = browser(ali).get(f"/w/{shop.slug}/segments/").content.decode()
    assert 'class="empty' in page
    assert "segments/new/" in page
