"""The SQL rules of docs/architecture.md, read off a statement's queries. Each gives the faults it finds as texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tests.architecture.sql_levels import Level
from tests.architecture.sql_tree import DELETE, INSERT, UPDATE, Node, nodes

VERBS = {UPDATE: "UPDATE", INSERT: "INSERT", DELETE: "DELETE"}
COMPUTED = ("OPEXPR", "FUNCEXPR", "SCALARARRAYOPEXPR", "NULLIFEXPR", "DISTINCTEXPR", "COERCEVIAIO")


def missing_keys(level: Level) -> Iterator[str]:
    """Rule 1: tables of contacts are joined by their bucket, and the target of UPDATE and DELETE carries it too."""
    tests = level.tests()
    for number, relation in enumerate(level.relations, start=1):
        target = number == level.target
        if relation is None or relation.key is None or (target and level.command == INSERT):
            continue
        joined = any(_joins(level, test, number) for test in tests)
        if (target or joined) and not any(_pins(level, test, number, relation.key) for test in tests):
            what = f"{VERBS[level.command]} of" if target else "join to"
            yield f"{what} {relation.name} ({level.names[number - 1]}) without {relation.key}"


def computed_returns(level: Level) -> Iterator[str]:
    """Rule 2: RETURNING gives columns only (or a constant, where rows are only counted)."""
    returned = level.query.get("returningList") or []
    if isinstance(returned, dict):  # PostgreSQL 18 wraps the list where OLD or NEW are named
        returned = returned.get("exprs") or []
    for entry in returned if level.written else ():
        if entry["expr"][""] not in ("VAR", "CONST", "RELABELTYPE"):
            yield f"{VERBS[level.command]} of {level.written.name} returns more than columns"


def conflict_sets(level: Level) -> Iterator[str]:
    """Rule 2: ON CONFLICT does nothing or sets EXCLUDED."""
    if level.written is None or not level.upserts:
        return
    conflict = level.query["onConflict"]
    for entry in conflict["onConflictSet"]:
        if entry["expr"][""] != "VAR" or entry["expr"]["varno"] != conflict["exclRelIndex"]:
            yield f"ON CONFLICT of {level.written.name} sets {entry['resname']} to more than EXCLUDED"


def unstable_functions(level: Level) -> Iterator[str]:
    """Rule 2: no STABLE or VOLATILE function or operator over a column in UPDATE and DELETE."""
    if level.written is None or level.command not in (UPDATE, DELETE):
        return
    sets = level.query.get("targetList") if level.command == UPDATE else None
    for place, part in (("WHERE", level.query["jointree"]), ("SET", sets)):
        for node in nodes(part):
            if node[""] not in COMPUTED or (name := level.catalogue.unstable(node)) is None:
                continue
            columns = sorted({found[2] for found in level.columns_in([node.get("args"), node.get("arg")])})
            if columns:
                yield f"{VERBS[level.command]} of {level.written.name}: {name} over {', '.join(columns)} in {place}"


def forbidden_columns(level: Level) -> Iterator[str]:
    """Rule 5: no ctid, and no "id greater than the last one seen" on the inbox."""
    own = [part for name, part in level.query.items() if name not in ("cteList", "rtable")]
    for node in nodes(own):
        if (found := level.column(node)) and found[2] == "ctid":
            yield f"ctid of {level.names[found[1] - 1]}"
        if node[""] == "OPEXPR" and level.catalogue.operators[node["opno"]][0] in ("<", "<=", ">", ">="):
            for whose, number, name in level.columns_in(node["args"]):
                relation = whose.relations[number - 1]
                if relation is not None and (relation.name, name) == ("inbox", "id"):
                    yield "inbox is read from an id on"


CHECKS = (missing_keys, computed_returns, conflict_sets, unstable_functions, forbidden_columns)


def broken(statement: Iterable[Level]) -> list[str]:
    """Every fault of a statement."""
    return [fault for level in statement for check in CHECKS for fault in check(level)]


def changed_twice(statement: Iterable[Level]) -> dict[str, str]:
    """Rule 3: tables that a statement changes rows of beside writing to them elsewhere, with what it does there."""
    found: dict[str, list[str]] = defaultdict(list)
    for level in statement:
        if level.written is not None:
            found[level.written.name].append("upsert" if level.upserts else VERBS[level.command].lower())
    return {
        name: " + ".join(sorted(verbs)) for name, verbs in found.items() if len(verbs) > 1 and set(verbs) != {"insert"}
    }


def written_tables(statement: Iterable[Level]) -> set[str]:
    """Tables that a statement writes, scratch tables left out."""
    return {level.written.name for level in statement if level.written is not None}


def locks_rows(statement: Iterable[Level]) -> bool:
    """It has FOR UPDATE somewhere."""
    return any(level.query.get("rowMarks") for level in statement)


def _joins(level: Level, test: Node, number: int) -> bool:
    """The test speaks of the table and of another row that knows its bucket."""
    found = list(level.columns_in(test))
    return any(part[:2] == (level, number) for part in found) and any(
        part[:2] != (level, number) and "bucket" in part[0].columns[part[1] - 1] for part in found
    )


def _pins(level: Level, test: Node, number: int, key: str) -> bool:
    """The test is an equality of the table's key with something that is not of the table."""
    if test[""] not in ("OPEXPR", "SCALARARRAYOPEXPR") or level.catalogue.operators[test["opno"]][0] != "=":
        return False
    return any(
        level.column(mine) == (level, number, key)
        and all(part[:2] != (level, number) for part in level.columns_in(other))
        for mine, other in (test["args"], test["args"][::-1])
    )
