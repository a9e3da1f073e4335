"""The SQL of the product: its files with their headers and statements, slots filled as their callers fill them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from safar.channels.sending.gate import gate, quiet
from safar.journeys.backtest.hours import HERE
from safar.outbox.resolve import _EXPIRED, _OF_CONTACT, _OF_JOURNEY
from safar.outbox.statements import told
from tests.architecture.test_files import name, tracked

DEFINES = re.compile(r"\s*(CREATE|ALTER|DO)\b")
STATEMENT = re.compile(r"\s*(WITH|SELECT|INSERT|UPDATE|DELETE)\b")
PLACE = re.compile(r"%\((\w+)\)s|%s|%%")
# Part of other statements, none by itself.
SLOT_FILES = (
    "safar/outbox/told.sql",
    "safar/channels/quiet/of_message.sql",
    "safar/journeys/backtest/hours_recorded.sql",
)
# Run once over data made for it, in files of several statements: no installation waits for them.
SCRIPTS = ("safar/bench/", "safar/demo/")
# What the callers put into the slots of a file; `told` goes in wherever there is room for it.
FILLINGS: dict[str, tuple[dict[str, str], ...]] = {
    "safar/outbox/begin.sql": ({"gate": gate(), "quiet": quiet()},),
    "safar/journeys/backtest/hours_own.sql": ({"everybody": HERE},),
    "safar/journeys/reckoning/earned.sql": (
        {
            "until": "(CASE s.journey_id WHEN 1 THEN s.at + interval '1 day' END)",
            "reached": "(CASE s.journey_id WHEN 1 THEN e.name = 'Bought' AND n.properties IS NULL AND c.zone IS NULL ELSE FALSE END)",
            "money": "(CASE s.journey_id WHEN 1 THEN safar_worth(e.properties -> 'total', e.properties -> 'currency', 'USD', 1, e.timestamp, 'UTC') END)",
        },
    ),
    "safar/outbox/give_up.sql": ({"which": _EXPIRED}, {"which": _OF_JOURNEY}, {"which": _OF_CONTACT}),
}
# Whose session runs what lies in a folder; all else has the settings of any connection.
SESSIONS = {
    "safar/journeys/engine/": "engine",
    "safar/contacts/apply/": "engine",
    "safar/outbox/": "dispatcher",
    "safar/channels/": "dispatcher",
}
PLAIN = ("safar/outbox/books.sql", "safar/outbox/decide.sql", "safar/channels/consent/unsubscribe.sql")


@dataclass(frozen=True)
class SqlFile:
    """name: path from the root of the checkout. header: the comment it begins with, as one text; body: what follows."""

    name: str
    header: str
    body: str

    @property
    def defines(self) -> bool:
        """It makes tables or functions."""
        return DEFINES.match(self.body) is not None

    @property
    def is_script(self) -> bool:
        return self.name.startswith(SCRIPTS)

    @property
    def is_statement(self) -> bool:
        return not (self.defines or self.is_script or self.name in SLOT_FILES)

    @property
    def session(self) -> str:
        """engine, dispatcher or plain."""
        return "plain" if self.name in PLAIN else session_of(self.name)

    def statements(self) -> Iterator[str]:
        """As PostgreSQL takes them, parameters as $1, $2…"""
        for filling in FILLINGS.get(self.name, ({},)):
            text = self.body
            for slot, value in {**filling, "told": told()}.items():
                text = text.replace("{" + slot + "}", value)
            yield numbered(text)


@cache
def sql_files() -> tuple[SqlFile, ...]:
    """Every .sql file under safar/."""
    return tuple(_read(path) for path in tracked("safar/*.sql"))


def statement_files() -> list[SqlFile]:
    return [file for file in sql_files() if file.is_statement]


@cache
def engine_strings() -> tuple[tuple[str, str], ...]:
    """(file:line, statement) of what stands in the engine's own code: short ones that need no file of their own."""
    found = []
    for path in tracked("safar/journeys/engine/*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            whole = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces
            if whole and STATEMENT.match(node.value) and " " in node.value.strip():
                found.append((f"{name(path)}:{node.lineno}", numbered(node.value)))
    return tuple(found)


def session_of(path: str) -> str:
    return next((session for folder, session in SESSIONS.items() if path.startswith(folder)), "plain")


def numbered(text: str) -> str:
    """psycopg's places as PostgreSQL's: %(lane)s → $1, the same for the same name; %s one after the other."""
    numbers: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        return f"${numbers.setdefault(found[1] or str(len(numbers)), len(numbers) + 1)}"

    return PLACE.sub(place, text)


def _read(path: Path) -> SqlFile:
    lines = path.read_text("utf-8").splitlines()
    first = next((number for number, line in enumerate(lines) if not line.startswith("--")), len(lines))
    header = " ".join(line.removeprefix("--").strip() for line in lines[:first])
    body = "\n".join(line for line in lines[first:] if not line.lstrip().startswith("--"))
    return SqlFile(name(path), header, body.strip().rstrip(";"))
