"""A statement's queries with the names behind the numbers of its tree: tables, columns, functions, what must hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.architecture.sql_tree import INSERT, RELATION, Connection, Node, inner_queries, nodes


@dataclass(frozen=True)
class Relation:
    """kept: neither temporary nor the catalogue's. key: the column that says which server a row would lie on."""

    name: str
    kept: bool
    key: str | None


class Catalogue:
    """What the server knows of the numbers in a tree."""

    def __init__(self, conn: Connection) -> None:
        self.relations = {oid: Relation(*rest) for oid, *rest in conn.execute(_RELATIONS)}
        self.functions = dict(conn.execute(_UNSTABLE).fetchall())
        self.operators = {oid: (name, function) for oid, name, function in conn.execute(_OPERATORS)}
        self.types = {oid: (name, reads, writes) for oid, name, reads, writes in conn.execute(_TYPES)}

    def unstable(self, node: Node) -> str | None:
        """The name of the function behind an expression, where it is not IMMUTABLE."""
        if node[""] == "COERCEVIAIO":  # a cast by way of text: written by the one type, read by the other
            name, read, _ = self.types[node["resulttype"]]
            _, _, written = self.types.get(_type_of(node["arg"]), ("", "i", "i"))
            return None if read == written == "i" else f"the cast to {name}"
        function = node.get("opfuncid") or node.get("funcid")
        if function in (None, "0") and "opno" in node:
            function = self.operators[node["opno"]][1]
        return self.functions.get(function or "")


class Level:
    """One query of a statement: the statement itself, a CTE, a subquery. outer: the queries around it, nearest first."""

    def __init__(self, query: Node, outer: tuple[Level, ...], catalogue: Catalogue) -> None:
        self.query, self.outer, self.catalogue = query, outer, catalogue
        self.command: str = query["commandType"]
        self.entries: list[Node] = query.get("rtable") or []
        self.names = [str(entry["eref"]["aliasname"]) for entry in self.entries]
        self.columns = [[_plain(name) for name in entry["eref"].get("colnames") or []] for entry in self.entries]
        self.relations = [
            catalogue.relations.get(entry["relid"]) if entry["rtekind"] == RELATION else None for entry in self.entries
        ]
        self.target = int(query["resultRelation"])  # counted from 1; 0: nothing is written here

    @property
    def written(self) -> Relation | None:
        """The table it writes, unless that is a scratch table."""
        relation = self.relations[self.target - 1] if self.target else None
        return relation if relation is not None and relation.kept else None

    @property
    def upserts(self) -> bool:
        conflict = self.query.get("onConflict")
        return self.command == INSERT and conflict is not None and conflict["action"] == "2"

    def tests(self) -> list[Node]:
        """What must all hold: WHERE and the ON of every join, taken apart at AND."""
        found: list[Node] = []
        waiting: list[Any] = [self.query["jointree"]]
        while waiting:
            here = waiting.pop()
            if here[""] == "FROMEXPR":
                waiting += here.get("fromlist") or []
            elif here[""] == "JOINEXPR":
                waiting += [here["larg"], here["rarg"]]
            found += _conjuncts(here.get("quals"))
        return found

    def column(self, node: Node) -> tuple[Level, int, str] | None:
        """(whose, number of its table there, its name) of a column; None for what is none of a table."""
        if node[""] != "VAR":
            return None
        level = (self, *self.outer)[int(node["varlevelsup"])]
        number, column = int(node["varno"]), int(node["varattno"])
        if not 0 < number <= len(level.entries):
            return None  # EXCLUDED stands behind the tables
        if column <= 0:
            return level, number, "ctid" if column == -1 else "a whole row"
        return level, number, level.columns[number - 1][column - 1]

    def columns_in(self, part: Any) -> Iterator[tuple[Level, int, str]]:
        return (found for node in nodes(part) if (found := self.column(node)) is not None)


def levels(query: Node, catalogue: Catalogue, outer: tuple[Level, ...] = ()) -> Iterator[Level]:
    """The statement and every query inside it."""
    here = Level(query, outer, catalogue)
    yield here
    for inner in inner_queries(query):
        yield from levels(inner, catalogue, (here, *outer))


def _conjuncts(test: Node | None) -> list[Node]:
    if test is None:
        return []
    if test[""] == "BOOLEXPR" and test["boolop"] == "and":
        return [part for argument in test["args"] for part in _conjuncts(argument)]
    return [test]


def _plain(name: str) -> str:
    return name.strip('"').replace("\\", "")


def _type_of(node: Node) -> str:
    fields = ("vartype", "funcresulttype", "opresulttype", "resulttype", "consttype", "paramtype", "casetype")
    return str(next((node[field] for field in fields if field in node), ""))


# Tables of contacts lie where their bucket is, the queues of a lane where the lane is. Maps, definitions and what is looked
# up by a key of its own (identity, seen) have none of this.
_RELATIONS = """
SELECT c.oid::text, c.relname, c.relpersistence <> 't' AND n.nspname !~ '^(pg_|information_schema)',
    CASE WHEN c.relpersistence = 't' OR c.relname IN ('bucket_lane', 'lane') THEN NULL WHEN c.relname IN ('inbox', 'timer') THEN 'lane'
        WHEN EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'bucket') THEN 'bucket' END
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')"""
_UNSTABLE = "SELECT oid::text, proname::text FROM pg_proc WHERE provolatile <> 'i'"
_OPERATORS = "SELECT oid::text, oprname::text, oprcode::oid::text FROM pg_operator"
_TYPES = """
SELECT t.oid::text, t.typname::text, i.provolatile::text, o.provolatile::text
FROM pg_type t JOIN pg_proc i ON i.oid = t.typinput JOIN pg_proc o ON o.oid = t.typoutput"""
