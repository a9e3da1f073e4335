"""The job that does what a customer asked the shop for: erased as by a member on a page, or put down for whoever answers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from psycopg import Connection

from safar.accounts.models import Workspace
from safar.accounts.services import record
from safar.contacts.names import EMAIL, PHONE, USER
from safar.contacts.requests import EXPORT, ask
from safar.events.jobs.queue import Claimed
from safar.journeys.erasing import erase_contact
from safar.shops.receiving import PRIVACY

REASON = "the customer asked the shop for it"
_WHOSE = "SELECT contact_id FROM identity WHERE workspace_id = %s AND kind = %s AND value = %s"


def runs() -> Mapping[str, Callable[..., dict[str, Any]]]:
    """For whoever does jobs."""
    return {PRIVACY: run}


def run(conn: Connection[Any], job: Claimed) -> dict[str, Any]:
    """Gives {contact}: who it was, 0 where nobody here is meant. Done twice it changes nothing."""
    user, _, email, phone = job.asked["names"]
    contact = _find(conn, job.workspace_id, ((USER, user), (EMAIL, email), (PHONE, phone)))
    if contact and job.asked["wish"] == "erase":
        erase_contact(conn, workspace_id=job.workspace_id, contact=contact, key=settings.SECRET_KEY)
    elif contact:
        ask(conn, workspace_id=job.workspace_id, contact=contact, kind=EXPORT, by=job.by, reason=REASON)
    action = "erase_contact" if job.asked["wish"] == "erase" else "asked_for_data"
    workspace = Workspace.objects.get(pk=job.workspace_id)
    record(workspace, job.by, action, f"contact:{contact}", {"reason": REASON})
    return {"contact": contact}


def _find(conn: Connection[Any], workspace: int, names: tuple[tuple[int, str | None], ...]) -> int:
    """By the first of the names that somebody has."""
    for kind, value in names:
        row = conn.execute(_WHOSE, (workspace, kind, value)).fetchone() if value else None
        if row is not None:
            return int(row[0])
    return 0
