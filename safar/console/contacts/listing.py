"""The list of contacts: search, segment, chosen columns, a page at a time."""

from __future__ import annotations

from typing import Any

import psycopg
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe
from psycopg.sql import Composable

from safar.accounts.models import Workspace
from safar.console.access import ConsoleRequest, go, is_htmx, needs, to
from safar.console.contacts.words import COLUMNS, FIRST_COLUMNS, TRAITS
from safar.console.database import session
from safar.contacts.columns import TRAIT, keep_columns, read_columns
from safar.contacts.listing import Listed, Place, list_by_seen, list_contacts, read_place
from safar.contacts.tags import tag_titles
from safar.segments.models import Segment
from safar.segments.services import read_segments, reading_now

LONGEST = 200  # characters of a search
SEEN = "seen"  # the other order
_SEEN_TRAITS = """
SELECT k.key, count(*) FROM (SELECT traits FROM contact WHERE workspace_id::bigint = %s ORDER BY workspace_id::bigint, -id LIMIT 500) c
CROSS JOIN LATERAL jsonb_object_keys(c.traits) k (key) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 60
"""


@require_safe
def contacts(request: ConsoleRequest) -> HttpResponse:
    """``contacts/?q=…&segment=…&order=seen&after=…``. By htmx the table alone."""
    asked = request.GET
    typed, segment = asked.get("q", "").replace("\0", "")[:LONGEST], asked.get("segment", "")
    by_seen = asked.get("order") == SEEN
    after = _after(asked.get("after", ""), by_seen)
    with session() as conn:
        condition = condition_of(conn, request.workspace, segment)
        columns = read_columns(conn, request.workspace.pk, request.user.pk) or list(FIRST_COLUMNS)
        given: dict[str, Any] = {"typed": typed, "condition": condition, "after": after, "tags": "tags" in columns}
        page, many = (list_by_seen if by_seen else list_contacts)(conn, request.workspace.pk, **given)
        titles = tag_titles(conn, request.workspace.pk) if "tags" in columns else {}
    older = asked.copy()
    further = page.place if by_seen else page.after
    older["after"] = str(further)
    newest = asked.copy()
    newest.pop("after", None)
    context = {
        "rows": [(one, [(kind_of(column), cell_of(one, column)) for column in columns]) for one in page.people],
        "columns": [(column, label_of(column)) for column in columns],
        "tag_titles": titles,
        "many": many if after is None else None,
        "typed": typed,
        "segment": segment if condition is not None else "",
        "segments": segments_of(request.workspace),
        "older": f"?{older.urlencode()}" if further else "",
        "newest": f"?{newest.urlencode()}" if after is not None else "",
        "looked": page.looked,
        "by_seen": by_seen,
        "filtered": bool(typed.strip() or condition is not None),
        "asked": newest.urlencode(),
    }
    piece = "_table.html" if is_htmx(request) else "contacts.html"
    return render(request, f"console/contacts/{piece}", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("viewer")
def contact_columns(request: ConsoleRequest) -> HttpResponse:
    """``contacts/columns/``: which columns this member sees; a viewer may choose them too. POST: ``column``, repeated, in order."""
    with session() as conn:
        seen = [row[0] for row in conn.execute(_SEEN_TRAITS, (request.workspace.pk,)).fetchall()]
        if request.method == "POST":
            known = {*COLUMNS, *(TRAIT + name for name in seen)}
            chosen = [column for column in request.POST.getlist("column") if column in known]
            keep_columns(conn, request.workspace.pk, request.user.pk, chosen or FIRST_COLUMNS)
            return go(request, to(request, "contacts"))
        chosen = read_columns(conn, request.workspace.pk, request.user.pk) or list(FIRST_COLUMNS)
    offered = [*COLUMNS, *(TRAIT + name for name in seen if name not in ("email", "phone"))]
    ordered = [*chosen, *(column for column in offered if column not in chosen)]
    context = {"offered": [(column, label_of(column), column in chosen) for column in ordered]}
    return render(request, "console/contacts/columns.html", context)


def _after(text: str, by_seen: bool) -> int | Place | None:
    """What the address says of where to go on; None for the beginning."""
    if by_seen:
        return read_place(text)
    return int(text) if text.isdecimal() and len(text) < 20 else None


def condition_of(conn: psycopg.Connection[Any], workspace: Workspace, key: str) -> Composable | None:
    """SQL of a segment's condition; None for no segment, and for one that cannot be read."""
    if not key:
        return None
    conditions = read_segments(workspace)
    found = conditions.get(key)
    return found.holds(reading_now(conn, workspace, conditions)) if found is not None else None


def segments_of(workspace: Workspace) -> list[tuple[str, str]]:
    """(key, title in the page's language) of every segment."""
    tongue = "fa" if (get_language() or "").startswith("fa") else "en"
    found = []
    for key, title in Segment.objects.filter(workspace=workspace).order_by("id").values_list("key", "title"):
        words = title if isinstance(title, dict) else {}
        found.append((key, str(words.get(tongue) or next((text for text in words.values() if text), "") or key)))
    return found


def label_of(column: str) -> Any:
    """A column's heading: ours for what we know, the trait's own name otherwise."""
    name = column.removeprefix(TRAIT)
    return TRAITS.get(name, name) if column.startswith(TRAIT) else COLUMNS.get(column, column)


def kind_of(column: str) -> str:
    """How a cell is shown: trait, tags, number, money, ago, day, ltr."""
    if column.startswith(TRAIT):
        return "trait"
    kinds = {"tags": "tags", "orders": "number", "spent": "money", "last_order": "ago", "last_seen": "ago"}
    return kinds.get(column, "day" if column == "created_at" else "ltr")


def cell_of(one: Listed, column: str) -> Any:
    """The value of a column."""
    if column.startswith(TRAIT):
        return one.traits.get(column.removeprefix(TRAIT))
    return getattr(one, column, None)
