"""The SQL rules of docs/architecture.md hold in every file, in what the compiler makes, and in the engine's own strings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import psycopg
import pytest

from safar.journeys.engine.session import Session
from safar.postgres.connections import connect
from tests.architecture.compiled import SORTS, all_compiled
from tests.architecture.sql_files import SqlFile, engine_strings, sql_files, statement_files
from tests.architecture.sql_levels import Catalogue, Level, levels
from tests.architecture.sql_rules import broken, changed_twice, locks_rows, written_tables
from tests.architecture.sql_tree import read_query

Reader = Callable[[str], list[Level]]

# Two changes of one table in one statement, each with the reason why they never meet on a row: (file or sort, table).
APART = {
    ("safar/channels/consent/prefer.sql", "suppression"): "channels that are left, and those that are joined",
    ("safar/contacts/apply/absorb_facts.sql", "purchase"): "orders that the history no longer has, and those it has",
    ("safar/contacts/apply/tags.sql", "contact_tag"): "the tags to add, and those to remove",
    ("safar/journeys/engine/sql/claim_events.sql", "inbox"): "what is not taken, and what is",
    ("safar/journeys/engine/sql/compact_counts.sql", "passage_count"): "many rows, and the one that they become",
    (
        "safar/journeys/backtest/hours_own.sql",
        "best_hour",
    ): "contacts who have no hour any more, and those who have one",
    ("safar/journeys/hours/reckon.sql", "best_hour"): "contacts who have no hour any more, and those who have one",
    ("safar/outbox/begin.sql", "outbox"): "one verdict a row: freed, begun or dropped",
    ("safar/outbox/close_doubt.sql", "outbox"): "one state a row: assumed sent, or not",
    ("safar/outbox/decide.sql", "outbox"): "one state, chosen by a parameter",
    ("safar/outbox/finish.sql", "outbox"): "one state a row: at its end, or not",
    ("exit_before", "enrollment"): "whoever exit_when ends, and whoever it does not",
    ("segment on_event", "segment_member"): "who was no member, and who was one",
    ("segment on_timer", "segment_member"): "who was no member, and who was one",
    ("stretch", "contact"): "people of different paths: a second change of traits on one path ends the stretch",
    ("stretch", "contact_tag"): "another tag, or people of different paths: the same tag on one path ends the stretch",
}
# (file, what is said against it): the reason why it stands.
EXCUSED = {
    ("safar/events/name_learn.sql", r"ON CONFLICT of event_name sets (n|last_at) to more than EXCLUDED"): (
        "names are no rows of contacts; two doors count the same name at once, and neither may lose the other's count"
    ),
    ("safar/contacts/product_learn.sql", r"ON CONFLICT of product sets \w+ to more than EXCLUDED"): (
        "products are no rows of contacts; what a newer event leaves unsaid has to stay, and two doors learn at once"
    ),
    ("safar/contacts/product_keep.sql", r"ON CONFLICT of product sets \w+ to more than EXCLUDED"): (
        "products are no rows of contacts; what the shop leaves open stays as events have said it"
    ),
    ("safar/channels/mail/note_bounce.sql", r"join to bounce \(b\) without bucket"): (
        "an address may have been several contacts': what came back from it counts wherever they are, and there is little of it"
    ),
    ("safar/workers/sql/beat.sql", r"ON CONFLICT of worker_heartbeat sets beat_at .*"): (
        "a process's own row, by the database's clock"
    ),
    ("safar/workers/sql/lag.sql", "inbox is read from an id on"): (
        "a low-water mark: nobody takes what is above it for all there is"
    ),
    ("safar/journeys/engine/sql/busy.sql", "inbox is read from an id on"): (
        "a low-water mark, far behind what was claimed; every ten seconds everything is looked at"
    ),
    ("safar/journeys/engine/sql/claim_events.sql", "inbox is read from an id on"): (
        "a low-water mark, far behind what was claimed; every ten seconds everything is looked at"
    ),
}


@pytest.fixture(scope="module")
def read(database_url: str) -> Iterator[Reader]:
    """A statement's levels, read by the server in an engine's session."""
    with connect(database_url, application_name="safar tests") as conn:
        Session(conn)
        catalogue = Catalogue(conn)
        yield lambda statement: list(levels(read_query(conn, statement), catalogue))


@pytest.mark.parametrize("file", statement_files(), ids=lambda file: file.name)
def test_rules_hold_in_a_file(read: Reader, file: SqlFile) -> None:
    found = [fault for statement in file.statements() for fault in broken(read(statement))]
    assert [f for f in found if not any(place == file.name and re.fullmatch(said, f) for place, said in EXCUSED)] == []
    for statement in file.statements():
        assert {(file.name, table) for table in changed_twice(read(statement))} <= APART.keys()


@pytest.mark.parametrize("sort", SORTS)
def test_rules_hold_in_what_is_compiled(read: Reader, sort: str) -> None:
    for one in all_compiled():
        if one.sort == sort:
            statement = read(one.statement)
            assert broken(statement) == [], one
            assert {(sort, table) for table in changed_twice(statement)} <= APART.keys(), one


@pytest.mark.parametrize(("place", "statement"), engine_strings(), ids=[place for place, _ in engine_strings()])
def test_rules_hold_in_the_engines_code(read: Reader, place: str, statement: str) -> None:
    assert broken(read(statement)) == []
    assert changed_twice(read(statement)) == {}


@pytest.mark.parametrize("file", sql_files(), ids=lambda file: file.name)
def test_a_header_says_what_one_has_to_know(file: SqlFile) -> None:
    assert len(file.header.split(". ")[0]) > 15, "what it does, in a sentence"
    if file.defines:
        return
    assert re.search(r"\bcalled\b|\ba slot of\b", file.header, re.IGNORECASE), "who calls it"
    if not file.is_script:
        assert re.search(r"\bWrites: \S", file.header), "what it writes, `Writes: nothing.` if nothing"
        assert re.search(r"\bIndex: \S", file.header), "the indexes it needs, `Index: none.` if none"


@pytest.mark.parametrize("file", statement_files(), ids=lambda file: file.name)
def test_a_header_names_what_is_written_and_locked(read: Reader, file: SqlFile) -> None:
    statements = [read(statement) for statement in file.statements()]
    said = re.search(r"\bWrites: (.*?)\.(?:\s|$)", file.header)
    assert said is not None
    tables = {relation.name for level in statements for one in level for relation in one.relations if relation}
    written = {table for statement in statements for table in written_tables(statement)}
    assert written == {word for word in re.findall(r"\w+", said[1]) if word in tables}
    if any(map(locks_rows, statements)):
        assert re.search(r"\block", file.header, re.IGNORECASE), "it locks rows (FOR UPDATE) and does not say so"


def test_tables_of_contacts_refer_to_nothing() -> None:
    """Rules 5 and 6: no triggers, no foreign keys from the big tables to the small ones."""
    for file in sql_files():
        assert not re.search(r"\bREFERENCES\b|\bCREATE (OR REPLACE )?TRIGGER\b", file.body, re.IGNORECASE), file.name


def test_no_excuse_is_left_over(read: Reader) -> None:
    files = {file.name: file for file in statement_files()}
    for place, said in EXCUSED:
        found = [fault for statement in files[place].statements() for fault in broken(read(statement))]
        assert any(re.fullmatch(said, fault) for fault in found), (place, said)
    for place, table in APART:
        statements = (
            files[place].statements() if place in files else (c.statement for c in all_compiled() if c.sort == place)
        )
        assert any(table in changed_twice(read(statement)) for statement in statements), (place, table)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("SELECT FROM contact c JOIN consent n ON n.contact_id = c.id", "join to contact (c) without bucket"),
        ("SELECT FROM contact c WHERE EXISTS (SELECT FROM consent n WHERE n.contact_id = c.id)", "join to consent (n) without bucket"),
        ("SELECT FROM turn t LEFT JOIN contact c ON c.bucket = c.bucket AND c.id = t.contact_id", "join to contact (c) without bucket"),
        ("UPDATE contact SET zone = 'UTC' WHERE id = $1", "UPDATE of contact (contact) without bucket"),
        ("DELETE FROM inbox i USING turn t WHERE i.id = t.seq", "DELETE of inbox (i) without lane"),
        ("UPDATE contact SET zone = 'UTC' WHERE bucket = 1 RETURNING upper(key)", "UPDATE of contact returns more than columns"),
        ("INSERT INTO contact_facts (bucket, contact_id) VALUES (1, 1) ON CONFLICT (bucket, contact_id) DO UPDATE SET opens = contact_facts.opens + 1", "ON CONFLICT of contact_facts sets opens to more than EXCLUDED"),
        ("DELETE FROM enrollment WHERE bucket = 1 AND since + interval '1 day' < now()", "DELETE of enrollment: timestamptz_pl_interval over since in WHERE"),
        ("UPDATE enrollment SET reason = since::text WHERE bucket = 1", "UPDATE of enrollment: the cast to text over since in SET"),
        ("SELECT FROM contact WHERE ctid = '(0,1)'", "ctid of contact"),
        ("SELECT FROM inbox WHERE lane = 1 AND id > $1", "inbox is read from an id on"),
    ],
)  # fmt: skip
def test_the_lint_sees(read: Reader, statement: str, fault: str) -> None:
    assert fault in broken(read(statement))


def test_the_lint_sees_two_changes_of_one_table(read: Reader) -> None:
    twice = "WITH a AS (DELETE FROM contact_tag WHERE bucket = 1 RETURNING 1) UPDATE contact_tag SET at = now() WHERE bucket = 1"
    assert changed_twice(read(twice)) == {"contact_tag": "delete + update"}


def test_what_the_server_does_not_take_is_a_fault(read: Reader) -> None:
    with pytest.raises(psycopg.errors.UndefinedColumn):
        read("SELECT no_such_column FROM contact")
