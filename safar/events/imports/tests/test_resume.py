"""An import that is killed anywhere and started again leaves what an undisturbed one leaves."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

import pytest

from safar.events.imports import import_contacts
from safar.events.imports.progress import TakenOver
from safar.events.imports.tests.conftest import At
from safar.events.tests.shop import make_shop

PROGRAM = "safar.events.imports.tests.importing"


def start(shop, path, batch, kind="contacts", **env: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", PROGRAM, kind, shop.url, str(shop.id), str(path), str(batch)]
    return subprocess.Popen(
        command, env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def outcome(conn, workspace: int):
    """All that an import leaves, but for numbers and times."""
    rows = conn.execute(
        "SELECT c.key, i.traits, i.tags, i.context FROM inbox i JOIN contact c ON c.id = i.contact_id"
        " WHERE i.workspace_id = %s ORDER BY i.id",
        (workspace,),
    ).fetchall()
    names = conn.execute(
        "SELECT i.kind, i.value, c.key, c.external_id FROM identity i JOIN contact c ON c.id = i.contact_id"
        " WHERE i.workspace_id = %s ORDER BY 1, 2",
        (workspace,),
    ).fetchall()
    figures = conn.execute(
        "SELECT line, accepted, repeated, refused, refusals, finished_at IS NOT NULL FROM import_progress"
        " WHERE workspace_id = %s",
        (workspace,),
    ).fetchall()
    return rows, names, figures


def write(path, rows: int) -> None:
    with path.open("w") as file:
        file.write("id,email,phone,tags\n")
        for n in range(rows):
            bad = n % 97 == 0
            file.write(f"u-{n % (rows // 2)},{'bad' if bad else f'm{n}@b.example'},0912{n:07},t{n % 7}\n")


@pytest.mark.crash
@pytest.mark.parametrize("place", ["import.accepted:4", "import.committed:4", "import.accepted:1"])
def test_killed_at_a_fail_point(conn, shop, tmp_path, place):
    path = tmp_path / "contacts.csv"
    write(path, 1500)
    killed = start(shop, path, 100, SAFAR_FAILPOINT=place)
    assert killed.wait() == -9
    assert start(shop, path, 100).wait() == 0
    other = make_shop(shop.url)
    assert start(other, path, 100).wait() == 0
    assert outcome(conn, shop.id) == outcome(conn, other.id)


@pytest.mark.crash
def test_killed_at_random(conn, shop, tmp_path, request):
    path = tmp_path / "contacts.csv"
    write(path, 20_000)
    rnd = random.Random(7)
    kills = 0
    for _ in range(request.config.getoption("--crash-rounds")):
        process = start(shop, path, 500)
        try:
            process.wait(rnd.uniform(0.5, 1.5))
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills += 1
    process = start(shop, path, 500)
    assert process.wait() == 0, process.stderr.read()
    other = make_shop(shop.url)
    assert start(other, path, 500).wait() == 0
    assert outcome(conn, shop.id) == outcome(conn, other.id)


def test_two_imports_of_one_file(conn, shop, tmp_path):
    """The second notices; the file is imported once."""
    path = tmp_path / "contacts.csv"
    write(path, 3000)
    first, second = start(shop, path, 50), start(shop, path, 50)
    codes = [first.wait(), second.wait()]
    assert 0 in codes
    rows, _, figures = outcome(conn, shop.id)
    assert len(rows) == figures[0][1] == 3000 - 31
    assert len({row[3]["import"]["line"] for row in rows}) == len(rows)


@pytest.mark.deep
def test_a_million_rows_in_flat_memory(shop, tmp_path):
    path = tmp_path / "contacts.csv"
    write(path, 1_000_000)
    began = time.monotonic()
    process = start(shop, path, 2_000)
    out, err = process.communicate()
    assert process.returncode == 0, err
    accepted, _, refused, kilobytes = map(int, out.split())
    assert accepted + refused == 1_000_000
    assert kilobytes < 300 * 1024
    print(f"{1_000_000 / (time.monotonic() - began):.0f} rows a second, {kilobytes / 1024:.0f} MB")


def test_taken_over(conn, shop, tmp_path):
    path = tmp_path / "contacts.csv"
    write(path, 300)

    def meanwhile(done: int, total: int | None) -> None:
        conn.execute("UPDATE import_progress SET line = line + 1")

    with pytest.raises(TakenOver):
        import_contacts(conn, At(shop.id), path, progress=meanwhile, batch=100)
