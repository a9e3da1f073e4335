"""Heartbeats, and what is told of them."""

from __future__ import annotations

import json
from typing import Any

import psycopg

from safar.workers.health import KINDS, look, read_health
from safar.workers.heartbeat import Heartbeat, Rounds

CLIENT_HEADERS = {"headers": {"host": "localhost"}}


def beat(url: str, *kinds: str) -> list[Heartbeat]:
    hearts = [Heartbeat(url, kind) for kind in kinds]
    assert all(heart.beat() for heart in hearts)
    return hearts


def test_ok_only_while_every_kind_lives(own_database_url: str) -> None:
    assert not look(own_database_url).ok
    hearts = beat(own_database_url, *KINDS)
    health = look(own_database_url)
    assert health.ok
    assert health.as_json()["engine"] == {"alive": 1}
    hearts[1].leave()
    assert not look(own_database_url).ok


def test_a_silent_process_and_one_that_hangs_are_not_alive(conn: psycopg.Connection[Any], database_url: str) -> None:
    beat(database_url, "engine")
    conn.execute("UPDATE worker_heartbeat SET beat_at = now() - interval '21 s', worked_at = now() - interval '21 s'")
    assert read_health(conn).alive("engine") == 0
    conn.execute("UPDATE worker_heartbeat SET beat_at = now(), worked_at = now() - interval '6 min'")
    assert read_health(conn).alive("engine") == 0
    conn.execute("UPDATE worker_heartbeat SET worked_at = now()")
    assert read_health(conn).alive("engine") == 1


def test_a_heartbeat_survives_a_lost_session(conn: psycopg.Connection[Any], database_url: str) -> None:
    heart = Heartbeat(database_url, "web")
    assert heart.beat()
    conn.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'safar web heartbeat' AND datname = current_database()"
    )
    assert not heart.beat()
    assert heart.beat()


def test_rows_of_killed_processes_go_after_a_day(conn: psycopg.Connection[Any], database_url: str) -> None:
    beat(database_url, "dispatcher")
    conn.execute("UPDATE worker_heartbeat SET beat_at = now() - interval '25 h' WHERE kind = 'dispatcher'")
    beat(database_url, "web")[0].leave()
    assert not [worker for worker in read_health(conn).workers if worker.kind == "dispatcher"]


def test_an_empty_database_is_told_as_such(empty_database_url: str) -> None:
    health = look(empty_database_url)
    assert health.database is not None
    assert "safar migrate" in health.fault


def test_a_database_that_is_not_there_is_told_and_not_raised() -> None:
    health = look("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")
    assert health.database is None
    assert health.as_json()["status"] == "failing"


def test_lag_is_the_age_of_what_waits_longest(conn: psycopg.Connection[Any]) -> None:
    assert read_health(conn).lag == {"inbox": None, "timers": None, "outbox": None}
    lane = conn.execute("SELECT min(id) FROM lane").fetchone()[0]
    conn.execute(
        "INSERT INTO inbox (lane, bucket, contact_id, workspace_id, received_at, timestamp, type, name)"
        " VALUES (%s, 0, 1024, 1, now() - interval '90 s', now(), 'track', 'Visited')",
        (lane,),
    )
    conn.execute("INSERT INTO timer (lane, slot, subjects) VALUES (%s, now() - interval '30 s', '{1}')", (lane,))
    conn.execute("INSERT INTO timer (lane, slot, subjects) VALUES (%s, now() + interval '1 h', '{2}')", (lane,))
    lag = read_health(conn).lag
    assert 90 <= lag["inbox"] < 100
    assert 30 <= lag["timers"] < 40
    assert lag["outbox"] is None


def test_healthz_says_503_and_what_is_missing(database_url: str, conn: psycopg.Connection[Any]) -> None:
    from django.test import Client

    conn.execute("DELETE FROM worker_heartbeat")
    answer = Client(headers={"host": "localhost"}).get("/healthz")
    assert answer.status_code == 503
    beat(database_url, *KINDS)
    answer = Client(headers={"host": "localhost"}).get("/healthz")
    assert answer.status_code == 200
    assert json.loads(answer.content)["status"] == "ok"
    assert "no-store" in answer.headers["Cache-Control"]


def test_rounds_tell_their_age() -> None:
    now = [10.0]
    rounds = Rounds(lambda: now[0])
    now[0] = 12.5
    assert rounds.age() == 2.5
    rounds()
    assert rounds.age() == 0.0
