"""The server's own reading of a statement: parsed and analysed, every table, column, function and type resolved.

A statement becomes the body of a function that is taken back at once; its tree stands in the catalogue. So no second
grammar has to be kept true to PostgreSQL's, and `timestamptz + interval` is known to be STABLE.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg

Node = dict[str, Any]  # "" is the node's tag, such as QUERY; the other keys are its fields
Connection = psycopg.Connection[Any]

# Plain values of fields that nobody asks for, lists of numbers, bytes of constants: nine tenths of the text.
ASKED = (
    "commandType resultRelation rtekind relid aliasname boolop opno opfuncid funcid varno varattno vartype varlevelsup"
    " resulttype funcresulttype opresulttype consttype paramtype casetype action exclRelIndex resname"
)
DULL = re.compile(
    rf" :(?!(?:{ASKED.replace(' ', '|')}) )\w+ (?:\\.|[^\s(){{}}\\])+| \([iob](?: [\d -]+)?\)|\[[ \d-]*\]"
)
TOKEN = re.compile(r"[(){}]|(?:\\.|[^\s(){}\\])+", re.DOTALL)
SELECT, UPDATE, INSERT, DELETE = "1", "2", "3", "4"  # QUERY.commandType
RELATION, CTE = "0", "6"  # RANGETBLENTRY.rtekind


def read_query(conn: Connection, statement: str) -> Node:
    """The QUERY of one statement with parameters $1, $2…; psycopg.Error where the server does not take it."""
    types = parameter_types(conn, statement)
    with conn.transaction(force_rollback=True):
        conn.execute(
            f"CREATE FUNCTION pg_temp.one_statement ({', '.join(types)}) RETURNS void LANGUAGE sql BEGIN ATOMIC\n{statement}\n; END",
            prepare=False,
        )
        row = conn.execute(
            "SELECT prosqlbody::text FROM pg_proc WHERE proname = 'one_statement' AND pronamespace = pg_my_temp_schema()",
            prepare=False,
        ).fetchone()
    assert row is not None
    return next(node for node in nodes(parse_tree(row[0])) if node[""] == "QUERY")


def parameter_types(conn: Connection, statement: str) -> list[str]:
    """What PostgreSQL makes of the parameters, by their number. Leaves the statement prepared as ``guarded``."""
    conn.execute("DEALLOCATE ALL", prepare=False)
    conn.execute(f"PREPARE guarded AS {statement}", prepare=False)
    row = conn.execute(
        "SELECT parameter_types::text[] FROM pg_prepared_statements WHERE name = 'guarded'", prepare=False
    ).fetchone()
    assert row is not None
    return list(row[0])


def parse_tree(text: str) -> Any:
    """What PostgreSQL writes of a tree (pg_node_tree): nodes as dictionaries, lists, words as they stand, None for <>."""
    tokens = iter(TOKEN.findall(DULL.sub("", text)))
    return _value(next(tokens), tokens)


def nodes(tree: Any) -> Iterator[Node]:
    """Every node of a part of a query, and of a query inside it the QUERY alone: its columns count from another place."""
    waiting = [tree]
    while waiting:
        here = waiting.pop()
        if isinstance(here, list):
            waiting.extend(here)
        elif isinstance(here, dict):
            yield here
            if here[""] != "QUERY":
                waiting.extend(value for value in here.values() if isinstance(value, dict | list))


def inner_queries(query: Node) -> Iterator[Node]:
    """The queries right inside a query: CTEs, subqueries in FROM, subqueries in expressions."""
    for part in query.values():
        yield from (node for node in nodes(part) if node[""] == "QUERY")


def _value(token: str, tokens: Iterator[str]) -> Any:
    if token == "<>":
        return None
    if token == "{":
        return _node(tokens)
    if token == "(":
        found = []
        for token in tokens:
            if token == ")":
                break
            found.append(_value(token, tokens))
        return found
    return token


def _node(tokens: Iterator[str]) -> Node:
    node: Node = {"": next(tokens)}
    field = ""
    for token in tokens:
        if token == "}":
            break
        if token.startswith(":") and len(token) > 1:
            field = token[1:]
            node[field] = None
        else:
            node[field] = _value(token, tokens)
    return node
