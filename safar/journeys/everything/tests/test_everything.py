"""Everything that is kept of Mina in one file, of whomever she was merged with too, and nothing of Ali."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from safar.contacts.person_files import has_file, read_file
from safar.events.jobs.queue import list_jobs
from safar.events.jobs.running import run_next
from safar.journeys.erasing import erase_contact
from safar.journeys.everything import job as everything
from safar.outbox.tests.house import Person, Shop

KINDS = {everything.KIND: everything.run}


@pytest.fixture
def shop(conn: psycopg.Connection[Any]) -> Shop:
    return Shop(conn)


def lived(shop: Shop, conn: psycopg.Connection[Any], name: str) -> Person:
    """Somebody with something everywhere."""
    who = shop.person(name)
    key = (who.bucket, who.id)
    conn.execute("INSERT INTO identity VALUES (%s, 1, %s, %s)", (shop.id, f"{name}-{shop.id}", who.id))
    conn.execute("INSERT INTO contact_tag VALUES (%s, %s, %s, now())", (*key, f"tag of {name}"))
    conn.execute(
        "INSERT INTO event (bucket, contact_id, workspace_id, seq, applied_at, timestamp, type, name, properties)"
        " SELECT %s, %s, %s, n, now(), now(), 'track', 'note_added', %s FROM generate_series(1, 700) n",
        (*key, shop.id, Jsonb({"note": f"<b>note</b> of {name}"})),
    )
    conn.execute(
        "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, channel, class,"
        " state, decided_at, subject, body_text) VALUES (%s, %s, %s, %s, 1, %s, 1, 1, 1, 'message', 'email', 'marketing', 'accepted', now(), %s, 'text')",
        (who.bucket, who.id, shop.id, who.id, who.enrollment_id, f"to {name}"),
    )
    return who


def made(
    conn: psycopg.Connection[Any], shop: Shop, who: Person, language: str = "en"
) -> tuple[int, dict[str, Any], str]:
    number = everything.begin_export(
        conn, workspace_id=shop.id, contact=who.id, language=language, by="ali@shop.example"
    )
    assert run_next(conn, KINDS)
    data = b"".join(read_file(conn, workspace_id=shop.id, contact=who.id, job=number))
    bag = zipfile.ZipFile(io.BytesIO(data))
    return number, json.loads(bag.read("everything.json")), bag.read("everything.html").decode()


def test_one_json_and_one_page(conn: psycopg.Connection[Any], shop: Shop) -> None:
    mina, ali = lived(shop, conn, "Mina"), lived(shop, conn, "Ali")
    number, data, page = made(conn, shop, mina)
    assert len(data["event"]) == 700
    assert [one["subject"] for one in data["message"]] == ["to Mina"]
    assert data["contact"][0]["traits"] == {"first_name": "Mina"}
    assert {"identity", "contact_tag", "consent", "enrollment"} <= {name for name, found in data.items() if found}
    assert "&lt;b&gt;note&lt;/b&gt; of Mina" in page
    assert 'dir="ltr"' in page
    for other in ("Ali", str(ali.id)):
        assert other not in json.dumps(data)
        assert other not in page
    (job,) = list_jobs(conn, shop.id, everything.KIND)
    assert (job.id, job.state, job.told["rows"]["event"]) == (number, "finished", 700)
    assert "Mina" not in json.dumps([job.asked, job.told])


def test_a_number_on_the_suppression_list_is_hers_however_it_was_typed(
    conn: psycopg.Connection[Any], shop: Shop
) -> None:
    mina = shop.person("Mina")
    conn.execute("UPDATE contact SET phone = '0912 123 4567' WHERE id = %s", (mina.id,))
    conn.execute("INSERT INTO identity VALUES (%s, 4, '+989121234567', %s)", (shop.id, mina.id))
    for number in ("+989121234567", "+989120000000"):
        conn.execute("INSERT INTO suppression VALUES (%s, 'sms', %s, 'stop_word:3000', now())", (shop.id, number))
    _, data, _ = made(conn, shop, mina)
    assert [one["address"] for one in data["suppression"]] == ["+989121234567"]


def test_in_persian_with_jalali_dates(conn: psycopg.Connection[Any], shop: Shop) -> None:
    mina = lived(shop, conn, "Mina")
    conn.execute("UPDATE event SET timestamp = '2027-03-21T08:15:00Z' WHERE contact_id = %s", (mina.id,))
    _, _, page = made(conn, shop, mina, "fa")
    assert 'lang="fa" dir="rtl"' in page
    assert "۰۱ فروردین ۱۴۰۶" in page
    assert "آنچه رخ داد" in page


def test_whoever_was_merged_comes_along(conn: psycopg.Connection[Any], shop: Shop) -> None:
    mina, sara = lived(shop, conn, "Mina"), lived(shop, conn, "Sara")
    conn.execute("UPDATE contact SET merged_into = %s WHERE id = %s", (mina.id, sara.id))
    _, data, _ = made(conn, shop, mina)
    assert sorted(one["subject"] for one in data["message"]) == ["to Mina", "to Sara"]


def test_erasing_takes_the_file_along_and_no_new_one_is_made(conn: psycopg.Connection[Any], shop: Shop) -> None:
    mina = lived(shop, conn, "Mina")
    number, _, _ = made(conn, shop, mina)
    erase_contact(conn, workspace_id=shop.id, contact=mina.id, key="a key")
    assert not has_file(conn, workspace_id=shop.id, contact=mina.id, job=number)
    everything.begin_export(conn, workspace_id=shop.id, contact=mina.id, language="en", by="ali")
    assert run_next(conn, KINDS)
    assert list_jobs(conn, shop.id, everything.KIND)[0].state == "failed"
