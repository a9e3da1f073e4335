"""Filling in a form, as the tests of this room do it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client

from safar.accounts.models import Membership, Workspace
from safar.console.database import session
from safar.events.accept import accept
from safar.events.message import check_message
from safar.lib.faults import Faults
from safar.website.keeping import Kept

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
DRAWN = {
    "key": "news", "live": "on", "kind": "pop_up", "title_fa": "خبرنامهٔ لیوان", "title_en": "Mug news", "email": "must", "phone": "no", "first_name": "may",
    "last_name": "no", "own0_name": "cup_size", "own0": "may", "own0_fa": "اندازهٔ فنجان", "own0_en": "Cup size", "email_consent_fa": "برایم خبر بفرستید", "email_consent_en": "Send me news", "days": "7", "place": "centre",
    "after": "1",
}  # fmt: skip
GIVEN = {"email": "Mina@People.example", "first_name": "Mina", "cup_size": "big", "consent0": "yes", "language": "fa"}


def address(who: Membership, rest: str = "") -> str:
    return f"/w/{who.workspace.slug}/website/{rest}"


def nobody(**headers: str) -> Client:
    """A browser without a session."""
    return Client(headers={"host": "localhost", **headers})


def shown(token: str) -> str:
    found = re.search(r'name="shown" value="([^"]+)"', nobody().get(f"/f/{token}").content.decode())
    assert found is not None
    return found[1]


def inbox(who: Membership) -> list[tuple[Any, ...]]:
    with session() as conn:
        found = conn.execute(
            "SELECT name, properties, traits, consent, context FROM inbox WHERE workspace_id = %s ORDER BY id",
            (who.workspace_id,),
        ).fetchall()
    return [tuple(row) for row in found]


def send(kept: Kept, clock: list[datetime], **more: str) -> Any:
    given = {**GIVEN, "shown": shown(kept.token), **more}
    clock[0] += timedelta(seconds=10)
    return nobody().post(f"/f/{kept.token}", given)


def put_in(shop: Workspace, at: datetime, **message: Any) -> None:
    faults = Faults()
    given = {"messageId": f"m-{uuid4().hex}", "timestamp": at.isoformat(), **message}
    found = check_message(given, faults, received=NOW + timedelta(hours=1), trusted=True)
    assert found is not None, list(faults)
    with session() as conn:
        accept(conn, shop.pk, [found], trusted=True)
