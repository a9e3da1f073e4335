"""A restored database sends nothing until somebody has looked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from safar.workers.epoch import FILE_NAME, check_epoch, held, release, turn_epoch


@pytest.fixture
def lived_in(conn: psycopg.Connection[Any], tmp_path: Path) -> Path:
    """A folder whose database has been started before and has a workspace."""
    from safar.accounts.models import Workspace

    conn.execute("DELETE FROM installation")
    conn.execute("DELETE FROM outbox_hold")
    Workspace.objects.get_or_create(slug="shop", name="Shop")
    (tmp_path / "new").mkdir()
    release(conn, tmp_path)
    assert check_epoch(conn, tmp_path)
    return tmp_path


def backup(conn: psycopg.Connection[Any]) -> str:
    return str(conn.execute("SELECT epoch FROM installation").fetchone()[0])


def restore(conn: psycopg.Connection[Any], epoch: str) -> None:
    conn.execute("UPDATE installation SET epoch = %s", (epoch,))


def test_starting_again_and_again_is_no_restore(conn: psycopg.Connection[Any], lived_in: Path) -> None:
    numbers = set()
    for _ in range(3):
        assert check_epoch(conn, lived_in)
        numbers.add(backup(conn))
    assert len(numbers) == 3


def test_a_backup_from_before_the_last_start_is_held(conn: psycopg.Connection[Any], lived_in: Path) -> None:
    old = backup(conn)
    assert check_epoch(conn, lived_in)
    assert check_epoch(conn, lived_in)
    restore(conn, old)
    assert not check_epoch(conn, lived_in)
    assert not check_epoch(conn, lived_in)
    release(conn, lived_in)
    assert check_epoch(conn, lived_in)


def test_a_backup_of_ours_is_older_than_the_number(conn: psycopg.Connection[Any], lived_in: Path) -> None:
    old = backup(conn)
    turn_epoch(conn, lived_in)
    turn_epoch(conn, lived_in)
    restore(conn, old)
    assert not check_epoch(conn, lived_in)


def test_a_new_folder_beside_a_database_that_lived_is_held(conn: psycopg.Connection[Any], lived_in: Path) -> None:
    assert not check_epoch(conn, lived_in / "new")
    assert held(conn)


def test_killed_between_the_file_and_the_commit_is_no_restore(conn: psycopg.Connection[Any], lived_in: Path) -> None:
    before = backup(conn)
    with conn.transaction(force_rollback=True):
        check_epoch(conn, lived_in)
    assert backup(conn) == before
    assert check_epoch(conn, lived_in)


def test_a_new_installation_begins(own_database_url: str, tmp_path: Path) -> None:
    from safar.postgres.connections import connect

    with connect(own_database_url, application_name="test") as conn:
        assert check_epoch(conn, tmp_path)
        assert backup(conn) in (tmp_path / FILE_NAME).read_text()


def test_another_database_beside_does_not_disturb(
    conn: psycopg.Connection[Any], lived_in: Path, server_url: str, migrated_template: str
) -> None:
    """A benchmark's scratch database is migrated with the same data folder."""
    from safar.postgres import testing
    from safar.postgres.connections import connect

    for _ in range(3):
        with (
            testing.fresh_database(server_url, migrated_template) as url,
            connect(url, application_name="test") as scratch,
        ):
            assert check_epoch(scratch, lived_in)
    assert check_epoch(conn, lived_in)


def test_a_damaged_file_holds(conn: psycopg.Connection[Any], lived_in: Path) -> None:
    (lived_in / FILE_NAME).write_bytes(b"\xff\x00")
    assert not check_epoch(conn, lived_in)
