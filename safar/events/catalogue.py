"""The catalogue of event names: how often each came, which properties it has, of which types, with some values.

Learnt beside the way in, as products are: counted in memory, written every few seconds; what a killed process had not
written yet is missing from the counts. Values are kept for pickers and samples, so none are of properties that look like
personal data, nor long ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from psycopg import Connection

from safar.events.message import Accepted
from safar.events.names import EDIT
from safar.lib.sqlfile import load_sql

MAX_NAMES = 1_000  # of a workspace; names made of ids would fill the catalogue without end
MAX_PROPERTIES = 60
MAX_VALUES = 8
MAX_VALUE = 60  # characters
LOOKED_AT = 5  # messages of a name whose properties are looked at between two writes; the others are counted only
PERSONAL = re.compile(
    r"mail|phone|mobile|name|address|street|postal|zip|birth|passw|token|secret|card|iban|ip$|lat|lon|national|ایمیل|تلفن|موبایل|نام|آدرس|نشانی|کد.?ملی",
    re.IGNORECASE,
)
NOT_PERSONAL = re.compile(r"^(product|category|event|brand|list|coupon|file|plan|variant)_?name$", re.IGNORECASE)

LEARN = load_sql("safar.events", "name_learn")
_KNOWN = "SELECT type, name, properties::text FROM event_name WHERE workspace_id = %s"
_READ = "SELECT type, name, n, first_at, last_at, properties::text FROM event_name WHERE workspace_id = %s ORDER BY n DESC, name"

_COUNTED = (
    "SELECT type, name, count(*), min(timestamp), max(timestamp) FROM event WHERE workspace_id = %s"
    " AND type NOT IN ('internal', 'edit') GROUP BY 1, 2 ORDER BY 3 DESC"
)
_SOME = "SELECT type, name, coalesce(traits, properties)::text FROM event WHERE workspace_id = %s LIMIT %s"
SOME = 20_000  # events of a history whose properties are looked at

Properties = dict[str, dict[str, list[Any]]]  # name → {"types": [...], "values": [...]}
Key = tuple[int, str, str]  # workspace, type, name


@dataclass(frozen=True)
class Name:
    """One line of the catalogue. properties: name → {types, values}, in the order in which they were met."""

    type: str
    name: str
    count: int
    first_at: datetime
    last_at: datetime
    properties: Properties


@dataclass
class _Waiting:
    first_at: datetime
    last_at: datetime
    n: int = 0
    looked: list[Mapping[str, Any]] = field(default_factory=list)


def read_catalogue(conn: Connection[Any], workspace_id: int) -> list[Name]:
    """The most frequent first."""
    rows = conn.execute(_READ, (workspace_id,)).fetchall()
    return [Name(type, name, n, first, last, json.loads(text)) for type, name, n, first, last, text in rows]


def learn_log(conn: Connection[Any], workspace_id: int) -> int:
    """Names of a history that did not come in by the doors; how many that were not known. Reads the whole log of the workspace."""
    known = {(type, name) for type, name, _ in conn.execute(_KNOWN, (workspace_id,))}
    found = {row[:2]: row[2:] for row in conn.execute(_COUNTED, (workspace_id,)) if row[:2] not in known}
    learnt: dict[tuple[str, str], Properties] = {key: {} for key in list(found)[:MAX_NAMES]}
    for type, name, told in conn.execute(_SOME, (workspace_id, SOME)):
        if (type, name) in learnt:
            _learn(learnt[type, name], json.loads(told))
    rows = [
        (workspace_id, *key, *found[key], json.dumps(one, ensure_ascii=False)) for key, one in sorted(learnt.items())
    ]
    if rows:
        conn.execute(LEARN, [list(column) for column in zip(*rows, strict=True)])
    return len(rows)


class NameLearner:
    """Counts messages by name; `flush` writes. Of one thread."""

    def __init__(self) -> None:
        self._waiting: dict[Key, _Waiting] = {}
        self._known: dict[int, dict[tuple[str, str], Properties]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def notice(self, workspace_id: int, messages: Iterable[Accepted]) -> None:
        """Half a microsecond a message."""
        waiting = self._waiting
        for message in messages:
            if message.type == EDIT:
                continue
            key = (workspace_id, message.type, message.name)
            one = waiting.get(key)
            if one is None:
                if len(waiting) >= MAX_NAMES:
                    continue
                one = waiting[key] = _Waiting(message.timestamp, message.timestamp)
            one.n += 1
            if message.timestamp > one.last_at:
                one.last_at = message.timestamp
            if message.timestamp < one.first_at:
                one.first_at = message.timestamp
            if len(one.looked) < LOOKED_AT:
                one.looked.append(message.properties if message.traits is None else message.traits)

    def flush(self, conn: Connection[Any]) -> int:
        """Write what is waiting, in a transaction of its own; how many names. What cannot be written is dropped."""
        waiting, self._waiting = self._waiting, {}
        rows = []
        for key, one in sorted(waiting.items()):
            known = self._of(conn, key[0])
            if key[1:] not in known and len(known) >= MAX_NAMES:
                continue
            properties = known.setdefault(key[1:], {})
            for looked in one.looked:
                _learn(properties, looked)
            text = json.dumps(properties, ensure_ascii=False)
            rows.append((*key, one.n, one.first_at, one.last_at, text))
        if rows:
            try:
                conn.execute(LEARN, [list(column) for column in zip(*rows, strict=True)])
            except Exception:
                self._known.clear()  # read anew with the next events
                raise
        return len(rows)

    def _of(self, conn: Connection[Any], workspace_id: int) -> dict[tuple[str, str], Properties]:
        if workspace_id not in self._known:
            rows = conn.execute(_KNOWN, (workspace_id,)).fetchall()
            self._known[workspace_id] = {(type, name): json.loads(text) for type, name, text in rows}
        return self._known[workspace_id]


def _learn(known: Properties, properties: Mapping[str, Any]) -> None:
    for name, value in properties.items():
        one = known.get(name)
        if one is None:
            if len(known) >= MAX_PROPERTIES:
                continue
            one = known[name] = {"types": [], "values": []}
        kind = type_of(value)
        if kind not in one["types"]:
            one["types"].append(kind)
        if (
            len(one["values"]) < MAX_VALUES
            and (kind in ("number", "boolean") or (kind == "text" and 0 < len(value) <= MAX_VALUE))
            and value not in one["values"]
            and not is_personal(name)
        ):
            one["values"].append(value)


def is_personal(name: str) -> bool:
    """Whether a property of this name may say something of a person that is not to lie in a catalogue."""
    return bool(PERSONAL.search(name)) and not NOT_PERSONAL.match(name)


def type_of(value: Any) -> str:
    """text, number, boolean, object, list, null."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else "list" if isinstance(value, list) else "object"
