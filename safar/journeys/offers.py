"""What a workspace already has and an editor may offer: templates, segments, journeys, and names seen in its data.

Names of tags, events, fields and properties are looked up in a part of the data only: they are suggestions, and the
whole of a large shop would take minutes to read for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import psycopg

from safar.accounts.models import Workspace
from safar.channels.notices.destinations import list_names
from safar.contacts.topics import list_topics
from safar.content.models import Template
from safar.events.catalogue import read_catalogue
from safar.journeys.models import Journey
from safar.lib.thrifty import Thrifty
from safar.segments.models import Segment

# What the facts of a shop are made from (docs/semantics.md); offered before the first of them has come.
SHOP_EVENTS = (
    "Order Completed",
    "Order Corrected",
    "Order Refunded",
    "Order Cancelled",
    "Cart Updated",
    "Product Viewed",
    "Checkout Started",
)
USUAL_TRAITS = ("email", "phone", "first_name", "last_name", "city", "birthday", "language", "timezone")
PEOPLE, ROWS = 2_000, 20_000

_PEOPLE = "SELECT bucket, id, traits FROM contact WHERE workspace_id = %(workspace)s AND bucket < %(buckets)s LIMIT %(people)s"
_TRAITS = f"SELECT DISTINCT key FROM ({_PEOPLE}) c, jsonb_object_keys(c.traits) key LIMIT 500"
_TAGS = f"SELECT DISTINCT tag FROM ({_PEOPLE}) c JOIN contact_tag t ON t.bucket = c.bucket AND t.contact_id = c.id LIMIT 500"
_EVENTS = f"""
SELECT name, array_agg(DISTINCT key) FILTER (WHERE key IS NOT NULL) FROM (
    SELECT v.name, v.properties FROM ({_PEOPLE}) c JOIN event v ON v.bucket = c.bucket AND v.contact_id = c.id
    WHERE v.type <> 'identify' LIMIT %(rows)s
) v LEFT JOIN LATERAL jsonb_object_keys(CASE WHEN jsonb_typeof(v.properties) = 'object' THEN v.properties END) key ON true
GROUP BY 1 ORDER BY count(*) DESC LIMIT 200
"""

_names: Thrifty[dict[str, Any]] = Thrifty(least=60.0, most=600.0)


def offers(connection: psycopg.Connection[Any], workspace: Workspace, language: str) -> dict[str, Any]:
    """template, segment, journey, topic: [{key, title}] (templates with their channel); tag, event, trait, destination: names; property: event →
    names."""
    seen = _names.get(workspace.pk, lambda: _seen(connection, workspace.pk))
    return {
        "template": [
            {"key": each.key, "title": each.title or each.key, "channel": each.channel}
            for each in Template.objects.filter(workspace_id=workspace.pk).order_by("channel", "key")
        ],
        "segment": [
            {"key": key, "title": _title(title, language) or key}
            for key, title in Segment.objects.filter(workspace=workspace).order_by("id").values_list("key", "title")
        ],
        "journey": [
            {"key": key, "title": _title(json.loads(draft or "{}").get("title"), language) or key}
            for key, draft in Journey.objects.filter(workspace=workspace).order_by("id").values_list("key", "draft")
        ],
        "topic": [{"key": each.key, "title": each.called(language)} for each in list_topics(connection, workspace.pk)],
        "destination": list_names(connection, workspace.pk),
        **seen,
    }


def _seen(connection: psycopg.Connection[Any], workspace: int) -> dict[str, Any]:
    """Names in the data; those that are usual where the looking takes too long."""
    found: dict[str, Any] = {"trait": list(USUAL_TRAITS), "tag": [], "event": list(SHOP_EVENTS), "property": {}}
    asked = {"workspace": workspace, "people": PEOPLE, "rows": ROWS, "buckets": _buckets(connection, workspace)}
    try:
        with connection.transaction():
            connection.execute("SET LOCAL statement_timeout = '2s'")
            found["trait"] = _merged(USUAL_TRAITS, (row[0] for row in connection.execute(_TRAITS, asked)))
            found["tag"] = sorted(row[0] for row in connection.execute(_TAGS, asked))
            events = dict(connection.execute(_EVENTS, asked).fetchall())
            found["event"] = _merged(SHOP_EVENTS, events)
            found["property"] = {name: sorted(keys) for name, keys in events.items() if keys}
    except psycopg.errors.QueryCanceled:
        pass  # suggestions are worth two seconds and no more
    for name in read_catalogue(
        connection, workspace
    ):  # what came by the doors, also from people who are not in the sample
        if name.type == "identify":
            found["trait"] = _merged(found["trait"], name.properties)
        else:
            found["event"] = _merged(found["event"], [name.name])
            found["property"][name.name] = sorted({*found["property"].get(name.name, ()), *name.properties})
    return found


def _buckets(connection: psycopg.Connection[Any], workspace: int) -> int:
    """So many of the 1,024 buckets that the sample is found without reading everybody."""
    row = connection.execute("SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'contact'::regclass").fetchone()
    everybody = float(row[0]) if row else 0
    return 1024 if everybody < 50 * PEOPLE else max(16, int(1024 * 50 * PEOPLE / everybody))


def _merged(usual: Iterable[str], seen: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*usual, *sorted(seen)]))


def _title(title: Any, language: str) -> str:
    if isinstance(title, dict):
        return str(title.get(language) or next((text for text in title.values() if text), ""))
    return str(title or "")
