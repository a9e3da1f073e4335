"""The plan guard: every statement that moves what the machine moves enters big tables by the indexes that it names.

Plans are generic ones, on a database with a few thousand people, in the session that runs the statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from safar.channels.sending.dispatch import SESSION as DISPATCHER
from safar.events.partitions import ensure_partitions
from safar.journeys.engine.session import Session
from safar.postgres.connections import connect
from tests.architecture.compiled import SORTS, all_compiled
from tests.architecture.sql_files import SqlFile, engine_strings, statement_files
from tests.architecture.sql_plans import BIG, Indexes, explain, faults, used_indexes
from tests.architecture.sql_tree import Connection

FILLED = Path(__file__).with_name("filled.sql")
GENERIC = {"plan_cache_mode": "force_generic_plan"}
# The ways into big tables that compiled statements have: the keys, and the history by contact and name.
COMPILED = {
    *("contact_pkey", "contact_facts_pkey", "contact_tag_pkey", "consent_pkey", "event_contact", "contact_watch_pkey"),
    *("enrollment_pkey", "enrollment_past_pkey", "enrollment_entry_pkey", "segment_member_pkey", "purchase_pkey"),
}


@pytest.fixture(scope="module")
def sessions(database_url: str) -> Iterator[Mapping[str, Connection]]:
    """engine, dispatcher, plain: connections with the settings of each, on a filled database."""
    now = datetime.now(UTC)
    with connect(database_url, application_name="safar tests") as conn:
        ensure_partitions(conn, now - timedelta(days=31))  # an installation that has lived for a month
        ensure_partitions(conn, now)
        for statement in FILLED.read_text("utf-8").split(";\n"):
            conn.execute(statement)
        conn.execute("ANALYZE")
    with (
        connect(database_url, application_name="safar tests") as engine,
        connect(database_url, application_name="safar tests", settings=DISPATCHER | GENERIC) as dispatcher,
        connect(database_url, application_name="safar tests", settings=GENERIC) as plain,
    ):
        Session(engine)
        yield {"engine": engine, "dispatcher": dispatcher, "plain": plain}


@pytest.fixture(scope="module")
def indexes(sessions: Mapping[str, Connection]) -> Indexes:
    return Indexes(sessions["plain"])


def said_of_indexes(file: SqlFile) -> str:
    """What the header says behind `Index:`, up to the end of the sentence."""
    found = re.search(r"\bIndex: (.*?)\.(?:\s|$)", file.header)
    return found[1] if found else ""


def tables_read_whole(file: SqlFile) -> frozenset[str]:
    """`none for contact, event: …` in the header."""
    found = re.search(r"\bnone for ((?:\w+, )*\w+)", said_of_indexes(file))
    return frozenset(found[1].split(", ")) if found else frozenset()


@pytest.mark.parametrize("file", statement_files(), ids=lambda file: file.name)
def test_a_file_uses_the_indexes_that_its_header_names(
    sessions: Mapping[str, Connection], indexes: Indexes, file: SqlFile
) -> None:
    said, whole = said_of_indexes(file), tables_read_whole(file)
    assert whole <= BIG
    named = {word for word in re.findall(r"\w+", said) if word in indexes.known}
    unknown = [word for word in re.findall(r"\w+_(?:pkey|key)\b", said) if word not in indexes.known]
    assert not unknown, "the header names indexes that there are not"
    used: set[str] = set()
    for statement in file.statements():
        plan = explain(sessions[file.session], statement)
        assert sorted(set(faults(plan, indexes, whole))) == []
        used |= {name for name in used_indexes(plan, indexes) if indexes.known[name][0] not in whole}
    assert used <= named, "the header does not name what is used"
    tables = {indexes.known[name][0] for name in named} & BIG - whole
    entered = {indexes.known[name][0] for name in used} | _inserted(file)
    assert tables <= entered, "the header names an index of a table that is not looked into"


def _inserted(file: SqlFile) -> set[str]:
    """Tables whose unique key an ON CONFLICT asks, which a plan shows as no scan."""
    return {table for table in BIG if re.search(rf"INSERT INTO {table}\b.*ON CONFLICT", file.body, re.DOTALL)}


@pytest.mark.parametrize(
    "sort", [sort for sort in SORTS if sort != "moving"]
)  # which reads a lane whole, once after a publishing
def test_compiled_statements_enter_by_key(sessions: Mapping[str, Connection], indexes: Indexes, sort: str) -> None:
    mine = [one for one in all_compiled() if one.sort == sort]
    assert mine
    for one in mine:
        plan = explain(sessions["engine"], one.statement)
        assert sorted(set(faults(plan, indexes))) == [], one
        assert used_indexes(plan, indexes) <= COMPILED, one


@pytest.mark.parametrize(("place", "statement"), engine_strings(), ids=[place for place, _ in engine_strings()])
def test_what_stands_in_the_engines_code_enters_by_key(
    sessions: Mapping[str, Connection], indexes: Indexes, place: str, statement: str
) -> None:
    assert sorted(set(faults(explain(sessions["engine"], statement), indexes))) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("SELECT key FROM contact", "reads contact whole"),
        ("SELECT c.key FROM contact c JOIN consent n USING (bucket)", "Hash Join of consent"),
        ("SELECT key FROM contact WHERE bucket = 1 ORDER BY bucket", "walks contact_pkey: nothing is said of id"),
        ("SELECT count(*) FROM event WHERE contact_id = 1", "reads event whole"),
    ],
)
def test_the_guard_sees(sessions: Mapping[str, Connection], indexes: Indexes, statement: str, fault: str) -> None:
    assert fault in set(faults(explain(sessions["plain"], statement), indexes))
