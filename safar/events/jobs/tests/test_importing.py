"""Imports as jobs: whatever came is read, a job is taken up again, and everything that was left out is told with its line."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import psycopg
import pytest

from safar.accounts.models import Workspace
from safar.accounts.services import create_workspace
from safar.events.imports.columns import suggest
from safar.events.imports.contacts_csv import read_columns_of
from safar.events.imports.sheets import as_csv, cell_text
from safar.events.jobs import running
from safar.events.jobs.importing import KIND, look
from safar.events.jobs.queue import Lost, claim, drop_job, end, put_job, read_job, renew, start_job, write_file
from safar.events.jobs.running import run_next
from safar.lib.faults import Refused

HEADER = "E-mail,Name,Phone\n"


@pytest.fixture
def shop(database_url: str, unique: str) -> Workspace:
    return create_workspace(slug=f"shop-{unique}", name="Shop")


@pytest.fixture(autouse=True)
def nothing_left(conn: psycopg.Connection[Any]) -> Iterator[None]:
    yield
    conn.execute("DELETE FROM job")


def put(conn: psycopg.Connection[Any], shop: Workspace, data: bytes, name: str = "people.csv") -> int:
    asked = {"file": name, "set_aside": True}
    return put_job(conn, workspace_id=shop.pk, kind=KIND, by="ali", asked=asked, file=[data], most=1 << 24)


def import_all(conn: psycopg.Connection[Any], shop: Workspace, data: bytes, **more: Any) -> dict[str, Any]:
    """Upload, take the columns as they are guessed, and let it be done; what the job then tells."""
    job = put(conn, shop, data)
    seen = look(conn, job, None, set_aside=True)
    columns = [{"kind": one.kind, "name": one.name} for one in seen.columns]
    assert start_job(conn, workspace_id=shop.pk, job=job, asked={"columns": columns, **more})
    assert run_next(conn)
    found = read_job(conn, shop.pk, job)
    assert found is not None
    assert found.state == "finished", found.told
    assert conn.execute("SELECT count(*) FROM job_file WHERE job_id = %s", (job,)).fetchone() == (0,)
    return found.told


def inbox(conn: psycopg.Connection[Any], shop: Workspace) -> dict[str, Any]:
    query = "SELECT traits ->> 'email', consent, traits FROM inbox WHERE workspace_id = %s AND type = 'edit'"
    return {row[0]: (row[1], row[2]) for row in conn.execute(query, (shop.pk,)).fetchall()}


def test_a_csv_file(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    data = (
        HEADER
        + "sara@home.ir,Sara,۰۹۱۲۱۲۳۴۵۶۷\nnobody,Ali,\ntest@home.ir,Mina,\nnoreply@x.com,M,\nmina@example.com,M,\n"
    )
    told = import_all(conn, shop, data.encode())
    assert (told["accepted"], told["refused"]) == (1, 4)
    assert [(one["line"], one["message"]) for one in told["refusals"]] == [
        (3, "'nobody' is no e-mail address"),
        (4, "'test@home.ir' is a placeholder address"),
        (5, "'noreply@x.com' is a placeholder address"),
        (6, "'mina@example.com' is a placeholder address"),
    ]
    assert inbox(conn, shop)["sara@home.ir"][1] == {"email": "sara@home.ir", "name": "Sara", "phone": "+989121234567"}


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "empty"
    sheet = book.create_sheet("people")
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    from datetime import datetime

    data = workbook(
        ("Email", "نام", "تولد", "کد", "امتیاز"),
        ("sara@home.ir", "سارا\nکریمی", datetime(1990, 3, 21), "007", 12.0),  # noqa: DTZ001
        (None, None, None, None, None),
        ("wrong", "علی", None, None, 1.5),
    )
    told = import_all(conn, shop, data)
    assert (told["accepted"], told["refused"]) == (1, 1)
    assert told["refusals"][0]["line"] == 4
    expected = {
        "email": "sara@home.ir",
        "first_name": "سارا کریمی",
        "birthday": "1990-03-21",
        "کد": "007",
        "امتیاز": 12,
    }
    assert inbox(conn, shop)["sara@home.ir"][1] == expected


MEMBERS = "Email Address,First Name,MEMBER_RATING,LEID,TAGS,UNSUB_CAMPAIGN_ID,UNSUB_CAMPAIGN_ID\n{}\n"


def audience() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("subscribed_members_export_1.csv", MEMBERS.format('sara@home.ir,Sara,2,9,"""VIP"",""Blog""",,'))
        packed.writestr("unsubscribed_members_export_1.csv", MEMBERS.format("ali@home.ir,Ali,1,8,,3,4"))
        packed.writestr("cleaned_members_export_1.csv", MEMBERS.format("mina@home.ir,Mina,1,7,,,\nno address,X,,,,,"))
        packed.writestr("nonsubscribed_members_export_1.csv", MEMBERS.format("reza@home.ir,Reza,1,6,,,"))
        packed.writestr("readme.txt", "hello")
    return out.getvalue()


def test_a_whole_audience(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    told = import_all(conn, shop, audience())
    assert (told["accepted"], told["refused"]) == (4, 1)
    refused = told["refusals"][0]
    assert (refused["list"], refused["line"]) == ("cleaned_members_export_1.csv", 3)
    found = inbox(conn, shop)
    assert {name: consent for name, (consent, _) in found.items()} == {
        "sara@home.ir": {"email": "given"}, "ali@home.ir": {"email": "withdrawn"}, "mina@home.ir": None, "reza@home.ir": None,
    }  # fmt: skip
    assert "MEMBER_RATING" not in found["sara@home.ir"][1]
    suppressed = conn.execute("SELECT address, reason FROM suppression WHERE workspace_id = %s ORDER BY 1", (shop.pk,))
    assert suppressed.fetchall() == [("ali@home.ir", "unsubscribed"), ("mina@home.ir", "bounced")]


def test_no_import_lifts_a_suppression(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    conn.execute("INSERT INTO suppression VALUES (%s, 'email', 'sara@home.ir', 'complained', now())", (shop.pk,))
    import_all(conn, shop, audience())
    row = conn.execute(
        "SELECT reason FROM suppression WHERE workspace_id = %s AND address = 'sara@home.ir'", (shop.pk,)
    )
    assert row.fetchone() == ("complained",)


def test_other_columns_are_another_import(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    data = (HEADER + "sara@home.ir,Sara,\n").encode()
    assert import_all(conn, shop, data)["accepted"] == 1
    assert import_all(conn, shop, data)["already"]
    job = put(conn, shop, data)
    columns = [{"kind": "email", "name": "email"}, {"kind": "skip", "name": "x"}, {"kind": "skip", "name": "y"}]
    start_job(conn, workspace_id=shop.pk, job=job, asked={"columns": columns})
    assert run_next(conn)
    found = read_job(conn, shop.pk, job)
    assert found is not None
    assert found.told["accepted"] == 1


@pytest.mark.parametrize("dies_after", [1, 2])
def test_a_job_is_taken_up_again(
    conn: psycopg.Connection[Any], shop: Workspace, monkeypatch: pytest.MonkeyPatch, dies_after: int
) -> None:
    rows = "".join(f"person{n}@home.ir,Sara {n},\n" for n in range(5_000))
    job = put(conn, shop, (HEADER + rows).encode())
    columns = [
        {"kind": "email", "name": "email"},
        {"kind": "trait", "name": "name"},
        {"kind": "phone", "name": "phone"},
    ]
    start_job(conn, workspace_id=shop.pk, job=job, asked={"columns": columns})
    calls: list[int] = []

    def dying(*given: Any, **more: Any) -> None:
        calls.append(1)
        if len(calls) > dies_after:
            raise KeyboardInterrupt
        renew(*given, **more)

    monkeypatch.setattr("safar.events.jobs.importing.renew", dying)
    with pytest.raises(KeyboardInterrupt):
        run_next(conn)
    monkeypatch.undo()
    assert claim(conn) is None  # the lease still holds
    conn.execute("UPDATE job SET lease_until = now() - interval '1 second' WHERE id = %s", (job,))
    assert run_next(conn)
    found = read_job(conn, shop.pk, job)
    assert found is not None
    assert (found.state, found.told["accepted"], found.told["repeated"]) == ("finished", 5_000, 0)
    assert len(inbox(conn, shop)) == 5_000


def test_whoever_lost_a_job_leaves_it(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    job = put(conn, shop, HEADER.encode())
    assert claim(conn) is None  # nothing was chosen yet
    assert start_job(conn, workspace_id=shop.pk, job=job, asked={"columns": []})
    assert not start_job(conn, workspace_id=shop.pk, job=job, asked={})
    mine = claim(conn)
    assert mine is not None
    conn.execute("UPDATE job SET lease_until = now() - interval '1 second'")
    other = claim(conn)
    assert other is not None
    with pytest.raises(Lost):
        renew(conn, mine, done=1, total=2, told={})
    with pytest.raises(Lost):
        end(conn, mine, "finished", {})
    end(conn, other, "finished", {})
    assert not drop_job(conn, workspace_id=shop.pk, job=job)


def test_a_job_that_kills_processes_is_given_up(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    job = put(conn, shop, HEADER.encode())
    start_job(conn, workspace_id=shop.pk, job=job, asked={"columns": []})
    conn.execute("UPDATE job SET tries = %s", (running.TRIES,))
    assert run_next(conn)
    found = read_job(conn, shop.pk, job)
    assert found is not None
    assert found.state == "failed"


def test_an_uploaded_file_comes_back_whole(conn: psycopg.Connection[Any], shop: Workspace, tmp_path: Path) -> None:
    data = bytes(range(256)) * 10_000
    job = put(conn, shop, data)
    write_file(conn, job, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == data
    with pytest.raises(ValueError):
        put_job(conn, workspace_id=shop.pk, kind=KIND, by="ali", asked={}, file=[data], most=1000)
    assert conn.execute(
        "SELECT count(DISTINCT job_id) FROM job_file WHERE workspace_id = %s", (shop.pk,)
    ).fetchone() == (1,)


@pytest.mark.parametrize("name", ["a.zip", "b.xlsx"])
def test_a_damaged_file_is_refused_with_words(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    good = audience() if name == "a.zip" else workbook(("email",), ("sara@home.ir",))
    path.write_bytes(good[: len(good) // 2] + good[len(good) // 2 + 40 :])
    with pytest.raises(Refused):
        read_columns_of(as_csv(path, tmp_path).path)


def test_a_zip_without_lists_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("readme.txt", "hello")
    with pytest.raises(Refused, match="no list"):
        as_csv(path, tmp_path)


def test_cells_of_workbooks() -> None:
    from datetime import date, datetime

    cells = (
        None,
        True,
        3.0,
        3.5,
        datetime(2026, 1, 2),  # noqa: DTZ001
        datetime(2026, 1, 2, 3, 4),  # noqa: DTZ001
        date(2026, 1, 2),
        "a\nb",
        9121234567,
    )
    said = ["", "true", "3", "3.5", "2026-01-02", "2026-01-02T03:04:00", "2026-01-02", "a b", "9121234567"]
    assert [cell_text(cell) for cell in cells] == said


def test_headers_of_other_services_are_understood() -> None:
    brevo = suggest(["EMAIL", "LASTNAME", "FIRSTNAME", "SMS", "EMAIL_BLACKLISTED", "SMS_BLACKLISTED", "ADDED_TIME"])
    assert [one.kind for one in brevo] == ["email", "trait", "trait", "phone", "refused", "refused", "skip"]
    unnamed = suggest(["", "x" * 500, "city"])
    assert [one.kind for one in unnamed] == ["trait", "trait", "trait"]
