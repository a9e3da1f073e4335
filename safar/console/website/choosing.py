"""What of the workspace's the page of a form offers."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from safar.channels.consent.confirming import needs_confirmation
from safar.console.access import ConsoleRequest
from safar.console.campaigns.common import segment_titles
from safar.console.journeys.common import language
from safar.contacts.topics import list_topics


def choices_of(request: ConsoleRequest, conn: Connection[Any]) -> dict[str, Any]:
    """Arguments of `FormForm`."""
    return {
        "topics": list_topics(conn, request.workspace.pk),
        "segments": list(segment_titles(request).items()),
        "confirms": needs_confirmation(conn, request.workspace.pk),
        "language": language(),
    }
