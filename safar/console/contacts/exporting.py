"""Contacts as a CSV file, as the list shows them: streamed, so that a million of them take no memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, asked_lately, needs
from safar.console.contacts.common import who
from safar.console.contacts.listing import LONGEST, condition_of
from safar.console.database import session
from safar.contacts.export import export_contacts


@require_safe
@needs("analyst")
@asked_lately()
def export_page(request: ConsoleRequest) -> HttpResponseBase:
    """``contacts/export.csv?q=…&segment=…``."""
    typed, segment = request.GET.get("q", "").replace("\0", "")[:LONGEST], request.GET.get("segment", "")
    workspace = request.workspace

    if request.method == "GET":
        details = {name: value for name, value in (("q", typed), ("segment", segment)) if value}
        record(workspace, who(request), "export_contacts", f"workspace:{workspace.pk}", details)

    def lines(conn: psycopg.Connection[Any]) -> Iterator[str]:
        return export_contacts(conn, workspace.pk, typed=typed, condition=condition_of(conn, workspace, segment))

    return as_file(request, "contacts", lines)


def as_file(
    request: ConsoleRequest, name: str, lines: Callable[[psycopg.Connection[Any]], Iterator[str]]
) -> HttpResponseBase:
    """A CSV file, streamed in a session of its own. name: what is in it, for the file's name."""

    def pieces() -> Iterator[str]:
        with session() as conn:
            yield from lines(conn)

    content = _beside(pieces()) if isinstance(request, ASGIRequest) else pieces()
    answer = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    file = f"{request.workspace.slug}-{name}-{datetime.now(UTC):%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{file}"'
    answer["Cache-Control"] = "no-store"
    return answer


async def _beside(pieces: Iterator[str]) -> AsyncIterator[str]:
    """The same, each piece read in a thread: an event loop that waits for the database serves nobody else."""
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece
