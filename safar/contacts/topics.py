"""Topics: what a contact can choose to hear about. What a contact said of one stands in `consent`, as channel ``topic:<key>``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from safar.lib.faults import Faults, Refused

CHANNEL_PREFIX = "topic:"
TOPIC = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")  # of a key
JOINED, LEFT = "joined", "left"
STATES = (JOINED, LEFT)  # of a contact; who said nothing is `unknown`, and gets messages of the topic
LANGUAGES = ("en", "fa")
MOST = 100  # topics of a workspace
LONGEST_TITLE, LONGEST_DESCRIPTION = 100, 500

# As text: a connection of Django gives jsonb as text, and pages have either.
_LIST = "SELECT key, title::text, description::text, shown, place, double_opt_in FROM topic WHERE workspace_id = %s ORDER BY place, key"
_KEYS = "SELECT key FROM topic WHERE workspace_id = %s ORDER BY place, key"
_SAVE = """
INSERT INTO topic (workspace_id, key, title, description, shown, double_opt_in, place)
VALUES (%(workspace)s, %(key)s, %(title)s, %(description)s, %(shown)s, %(double_opt_in)s,
    (SELECT coalesce(max(place), 0) + 1 FROM topic WHERE workspace_id = %(workspace)s))
ON CONFLICT (workspace_id, key) DO UPDATE SET title = EXCLUDED.title, description = EXCLUDED.description, shown = EXCLUDED.shown,
    double_opt_in = EXCLUDED.double_opt_in
"""
_ORDER = """
UPDATE topic t SET place = o.place FROM unnest(%s::text[]) WITH ORDINALITY o (key, place) WHERE t.workspace_id = %s AND t.key = o.key
"""
_DELETE = "DELETE FROM topic WHERE workspace_id = %s AND key = %s"
# Everybody who said something of a topic is counted: a page asks for it, and keeps it for as long as it cost.
_COUNT = """
SELECT substr(k.channel, 7), k.state, count(*) FROM consent k JOIN contact c ON c.bucket = k.bucket AND c.id = k.contact_id
WHERE c.workspace_id = %s AND c.merged_into IS NULL AND k.channel LIKE 'topic:%%' GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Topic:
    """title, description: language → text. shown: contacts see it, and may leave it by themselves. double_opt_in: who joins it by
    a form is asked to confirm."""

    key: str
    title: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    shown: bool = True
    place: int = 0
    double_opt_in: bool = False

    def called(self, language: str) -> str:
        """Its title in a language, else in another, else its key."""
        return self.title.get(language) or next(filter(None, self.title.values()), "") or self.key


def list_topics(conn: psycopg.Connection[Any], workspace_id: int) -> list[Topic]:
    """In their order."""
    rows = conn.execute(_LIST, (workspace_id,)).fetchall()
    return [Topic(key, json.loads(title), json.loads(text), *rest) for key, title, text, *rest in rows]


def topic_keys(conn: psycopg.Connection[Any], workspace_id: int) -> list[str]:
    """In their order."""
    return [row[0] for row in conn.execute(_KEYS, (workspace_id,)).fetchall()]


def count_topics(conn: psycopg.Connection[Any], workspace_id: int) -> dict[str, dict[str, int]]:
    """Topic → {joined, left}: how many said so. Reads what everybody said."""
    found: dict[str, dict[str, int]] = {}
    for key, state, many in conn.execute(_COUNT, (workspace_id,)).fetchall():
        found.setdefault(key, {})[state] = many
    return found


def save_topic(conn: psycopg.Connection[Any], workspace_id: int, topic: Topic, *, fresh: bool) -> None:
    """Make a topic (at the end of the order) or change one. fresh: its key must not be there yet. Raises Refused with every fault."""
    faults = Faults()
    there = topic_keys(conn, workspace_id)
    if not TOPIC.fullmatch(topic.key):
        faults.at("key").add("has to be small Latin letters, digits, - and _, 64 at most")
    elif fresh and topic.key in there:
        faults.at("key").add("there is a topic of that key already")
    elif not fresh and topic.key not in there:
        faults.at("key").add("there is no such topic")
    if fresh and len(there) >= MOST:
        faults.add(f"there are {MOST} topics, and more are not taken")
    title = _texts(topic.title, LONGEST_TITLE, faults.at("title"))
    description = _texts(topic.description, LONGEST_DESCRIPTION, faults.at("description"))
    if not title:
        faults.at("title").add("is empty")
    if faults:
        raise Refused(faults)
    given = {"workspace": workspace_id, "key": topic.key, "shown": topic.shown, "double_opt_in": topic.double_opt_in}
    conn.execute(_SAVE, {**given, "title": Jsonb(title), "description": Jsonb(description)})


def order_topics(conn: psycopg.Connection[Any], workspace_id: int, keys: Sequence[str]) -> None:
    """Put them in this order; those that are not named keep their place."""
    conn.execute(_ORDER, (list(keys), workspace_id))


def delete_topic(conn: psycopg.Connection[Any], workspace_id: int, key: str) -> bool:
    """False where there is none. What contacts said of it stays, as the proof that it is. Whoever asks has seen to it that nothing uses it."""
    return conn.execute(_DELETE, (workspace_id, key)).rowcount > 0


def _texts(said: Mapping[str, str], most: int, faults: Faults) -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        text = " ".join(str(said.get(language) or "").replace("\0", "").split())
        if len(text) > most:
            faults.at(language).add(f"is longer than {most} characters")
        elif text:
            found[language] = text
    return found
