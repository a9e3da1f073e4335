"""Threads that go round for good outlive a bug of one round, and a database that is away."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from typing import Any

import psycopg
import pytest

from safar.postgres import repeating as module
from safar.postgres.repeating import repeating


def test_a_thread_lives_on(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    rounds: list[Exception] = [psycopg.OperationalError("no database"), RuntimeError("a bug")]
    again = threading.Event()

    def connect(*_: Any, **__: Any) -> Any:
        if rounds:
            raise rounds.pop()
        return nullcontext()

    monkeypatch.setattr(module, "connect", connect)
    with repeating(lambda *_: again.set(), "", name="brakes", seconds=0.001):
        assert again.wait(60)
    assert [one.message for one in caplog.records[:2]] == ["brakes failed", "brakes: put off (no database)"]


def test_work_has_a_session_of_its_own_and_a_bug_of_it_is_survived(database_url: str) -> None:
    names: list[str] = []
    twice = threading.Event()

    def work(connection: psycopg.Connection[Any], _now: Any) -> None:
        row = connection.execute("SELECT current_setting('application_name')").fetchone()
        names.append(row[0] if row else "")
        if len(names) == 1:
            raise RuntimeError("a bug")
        twice.set()

    with repeating(work, database_url, name="brakes", seconds=0.001):
        assert twice.wait(60)
    assert set(names) == {"safar brakes"}


def test_the_first_time_is_at_once_where_it_is_wanted_and_the_end_is_heard(database_url: str) -> None:
    done, stop = threading.Event(), threading.Event()
    with repeating(lambda *_: done.set(), database_url, name="house", seconds=3600, at_once=True, stop=stop):
        assert done.wait(60)
        assert not stop.is_set()
    assert stop.is_set()
