"""Identity in the database: what is written, and what several processes make of the same names at once."""

from __future__ import annotations

import itertools
import multiprocessing
import random
from typing import Any

import pytest

from safar.contacts.cache import NameCache
from safar.contacts.identity import resolve
from safar.contacts.names import Names
from safar.postgres.connections import connect

numbers = itertools.count(1000)


@pytest.fixture
def workspace() -> int:
    return next(numbers)


def ids(conn: Any, workspace: int, *messages: Names, **more: Any) -> list[int]:
    with conn.transaction():
        return [found.contact_id for found in resolve(conn, workspace, messages, **more)]


def names(conn: Any, workspace: int) -> dict[tuple[int, str], int]:
    rows = conn.execute("SELECT kind, value, contact_id FROM identity WHERE workspace_id = %s", (workspace,))
    return {(kind, value): contact_id for kind, value, contact_id in rows}


def test_a_batch_makes_contacts_and_names(conn, workspace):
    sara, again, ali = ids(
        conn, workspace, Names(user="sara", anonymous="a-1"), Names(anonymous="a-1"), Names(email="ali@example.com")
    )
    assert sara == again != ali
    assert names(conn, workspace) == {(1, "sara"): sara, (2, "a-1"): sara, (3, "ali@example.com"): ali}
    rows = conn.execute(
        "SELECT id, bucket, key, external_id, created_at FROM contact WHERE workspace_id = %s ORDER BY id", (workspace,)
    ).fetchall()
    assert rows == [(sara, sara & 1023, "sara", "sara", None), (ali, ali & 1023, "ali@example.com", None, None)]


def test_the_same_name_elsewhere_is_somebody_else(conn, workspace):
    assert ids(conn, workspace, Names(user="sara")) != ids(conn, next(numbers), Names(user="sara"))


def test_a_visitor_gets_a_user_id(conn, workspace):
    (visitor,) = ids(conn, workspace, Names(anonymous="a-1"))
    assert ids(conn, workspace, Names(user="sara", anonymous="a-1")) == [visitor]
    row = conn.execute("SELECT key, external_id FROM contact WHERE id = %s", (visitor,)).fetchone()
    assert row == ("a-1", "sara")


def test_a_merge_moves_the_names(conn, workspace):
    sara, visitor = ids(conn, workspace, Names(user="sara"), Names(anonymous="a-1"))
    with conn.transaction():
        found = resolve(conn, workspace, [Names(anonymous="a-1"), Names(user="sara", anonymous="a-1")])
    assert [(entry.contact_id, entry.merges) for entry in found] == [(visitor, ()), (sara, ((visitor, sara),))]
    assert set(names(conn, workspace).values()) == {sara}


def test_what_follows_a_merge_in_the_batch_is_the_winners_also_from_the_cache(conn, workspace):
    cache, learnt = NameCache(), []
    sara, visitor = ids(conn, workspace, Names(user="sara"), Names(anonymous="a-1"), cache=cache, learnt=learnt)
    cache.learn(learnt)
    seen, joined, later = ids(
        conn,
        workspace,
        Names(anonymous="a-1"),
        Names(user="sara", anonymous="a-1"),
        Names(anonymous="a-1"),
        cache=cache,
        learnt=[],
    )
    assert (seen, joined, later) == (visitor, sara, sara)


def test_the_cache_forgets_after_a_while():
    now = 0.0
    cache = NameCache(clock=lambda: now)
    cache.learn([(1, 1, "sara", 5)])
    assert cache.of(1)[1] == {"sara": 5}
    now = 31.0
    assert cache.of(1)[1] == {}


def test_nothing_stays_of_a_transaction_that_is_rolled_back(conn, workspace):
    with conn.transaction(force_rollback=True):
        resolve(conn, workspace, [Names(user="sara")])
    assert names(conn, workspace) == {}
    assert conn.execute("SELECT count(*) FROM contact WHERE workspace_id = %s", (workspace,)).fetchone() == (0,)


def _same_new_names(url: str, workspace: int, rounds: int, barrier: Any) -> None:
    with connect(url, application_name="safar tests") as conn:
        for number in range(rounds):
            barrier.wait()
            ids(
                conn, workspace, Names(user=f"u{number}", email=f"m{number}@example.com"), Names(anonymous=f"a{number}")
            )


def test_two_processes_make_one_contact_of_a_new_user_id(conn, database_url, workspace):
    """200 times at the same moment: one contact for each userId."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    workers = [context.Process(target=_same_new_names, args=(database_url, workspace, 200, barrier)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    counts = conn.execute(
        "SELECT count(*), count(DISTINCT key) FROM contact WHERE workspace_id = %s", (workspace,)
    ).fetchone()
    assert counts == (400, 400)


def _tangle(url: str, workspace: int, seed: int, rounds: int, merges: Any) -> None:
    rnd = random.Random(seed)
    cache = NameCache()
    with connect(url, application_name="safar tests") as conn:
        for _ in range(rounds):
            messages = []
            for _ in range(rnd.randrange(1, 12)):
                user = f"u{rnd.randrange(8)}" if rnd.random() < 0.6 else None
                anonymous = f"a{rnd.randrange(12)}" if rnd.random() < 0.6 or user is None else None
                email = f"m{rnd.randrange(6)}@example.com" if rnd.random() < 0.3 else None
                previous = f"u{rnd.randrange(8)}" if rnd.random() < 0.05 else None
                if previous:
                    email = None
                messages.append(Names(user, anonymous, email, None, previous, previous is not None))
            learnt: list[Any] = []
            try:
                with conn.transaction():
                    found = resolve(conn, workspace, messages, cache=cache, learnt=learnt)
            except Exception as error:
                if "deadlock" not in str(error):
                    raise
                continue
            cache.learn(learnt)
            merges.extend([pair for entry in found for pair in entry.merges])


def test_processes_that_tangle_names_leave_them_in_order(conn, database_url, workspace):
    """Four processes, few names, merges and aliases: no name is lost, none leads to a contact that was merged."""
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        merges = manager.list()
        workers = [
            context.Process(target=_tangle, args=(database_url, workspace, seed, 150, merges)) for seed in range(4)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
            assert worker.exitcode == 0
        losers = [loser for loser, _ in merges]
    assert losers
    assert len(losers) == len(set(losers)), "nobody is merged twice"
    living = set(names(conn, workspace).values())
    assert not living & set(losers)
    made = {row[0] for row in conn.execute("SELECT id FROM contact WHERE workspace_id = %s", (workspace,))}
    assert made == living | set(losers)
    unnamed = conn.execute(
        "SELECT count(*) FROM contact c WHERE workspace_id = %s AND external_id IS NULL AND id = ANY(%s)"
        " AND EXISTS (SELECT FROM identity i WHERE i.contact_id = c.id AND i.kind = 1)",
        (workspace, sorted(living)),
    ).fetchone()
    assert unnamed == (0,)
