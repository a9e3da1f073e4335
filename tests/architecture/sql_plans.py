"""What the server means to do for a statement: its generic plan, and the faults in it as texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.architecture.sql_tree import Connection, parameter_types

Plan = dict[str, Any]

BIG = frozenset(
    "contact contact_facts purchase contact_tag consent enrollment enrollment_past enrollment_entry event inbox outbox"  # noqa: SIM905
    " message timer contact_watch segment_member seen identity".split()
)
INDEX_SCANS = ("Index Scan", "Index Only Scan", "Bitmap Index Scan")


class Indexes:
    """What indexes there are. Those of partitions count as their parents'."""

    def __init__(self, conn: Connection) -> None:
        self.known = {name: rest for name, *rest in conn.execute(_INDEXES)}  # name → table, first columns, partial
        self.parent = dict(conn.execute(_PARENTS).fetchall())

    def of(self, node: Plan) -> str | None:
        name = node.get("Index Name") if node["Node Type"] in INDEX_SCANS else None
        return None if name is None else self.parent.get(name, name)

    def table(self, node: Plan) -> str | None:
        name = node.get("Relation Name")
        return None if name is None else self.parent.get(name, name)


def explain(conn: Connection, statement: str) -> Plan:
    """The plan that serves for whatever parameters, as JSON; nothing is run."""
    values = ", ".join(["NULL"] * len(parameter_types(conn, statement)))
    execute = f"EXECUTE guarded ({values})" if values else "EXECUTE guarded"
    row = conn.execute(f"EXPLAIN (FORMAT JSON, COSTS OFF) {execute}", prepare=False).fetchone()
    assert row is not None
    return dict(row[0][0]["Plan"])


def faults(plan: Plan, indexes: Indexes, whole: frozenset[str] = frozenset()) -> Iterator[str]:
    """Big tables that are read whole, hashed or merged, and indexes that are walked instead of being entered.

    whole: tables that the statement is meant to read so.
    """
    watched = BIG - whole
    for node in plan_nodes(plan):
        if node["Node Type"].endswith("Seq Scan") and indexes.table(node) in watched:
            yield f"reads {indexes.table(node)} whole"
        if node["Node Type"] in ("Hash Join", "Merge Join"):
            joined = sorted(table for inner in node["Plans"] for table in _brought(inner, indexes) if table in watched)
            yield from (f"{node['Node Type']} of {table}" for table in joined)
        if (name := indexes.of(node)) is not None:
            table, columns, partial = indexes.known[name]
            missing = [c for c in columns if not re.search(rf"\b{c}\b", node.get("Index Cond", ""))]
            if table in watched and not partial and missing:
                yield f"walks {name}: nothing is said of {missing[0]}"


def used_indexes(plan: Plan, indexes: Indexes) -> set[str]:
    """Indexes of big tables in the plan."""
    found = {name for node in plan_nodes(plan) if (name := indexes.of(node)) is not None}
    return {name for name in found if indexes.known[name][0] in BIG}


def plan_nodes(plan: Plan) -> Iterator[Plan]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from plan_nodes(inner)


def _brought(plan: Plan, indexes: Indexes) -> set[str]:
    """Tables that one side of a join brings, without those of subplans beside it."""
    tables = {table} if (table := indexes.table(plan)) is not None else set()
    for inner in plan.get("Plans", []):
        if inner.get("Parent Relationship") in ("Outer", "Inner", "Member", "Subquery"):
            tables |= _brought(inner, indexes)
    return tables


# An index has to be entered by its first two columns, bucket and contact; those of a lane's queues by the lane.
_INDEXES = """
SELECT i.relname, t.relname, (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(x.indkey) WITH ORDINALITY k (number, n)
    JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.number
    WHERE k.n <= CASE WHEN t.relname IN ('timer', 'inbox', 'seen') THEN 1 ELSE 2 END), x.indpred IS NOT NULL
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid"""
_PARENTS = "SELECT c.relname, p.relname FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid JOIN pg_class p ON p.oid = h.inhparent"
