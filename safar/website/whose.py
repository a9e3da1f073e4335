"""Whose an answer is: of the one whose address was filled in, whosever browser it is (docs/rooms/website.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from psycopg import Connection

from safar.contacts.names import ANONYMOUS, EMAIL, PHONE, Names, fold_email, fold_phone

_OWNERS = """
SELECT i.kind, i.contact_id FROM identity i WHERE i.workspace_id = %(workspace)s AND (i.kind = %(anonymous_kind)s AND i.value = %(anonymous)s
    OR i.kind = %(email_kind)s AND i.value = %(email)s OR i.kind = %(phone_kind)s AND i.value = %(phone)s)
"""
_KINDS = "SELECT DISTINCT i.kind FROM identity i WHERE i.workspace_id = %s AND i.contact_id = %s"


def nobody() -> str:
    """An anonymousId that nobody has."""
    return f"form-{uuid4().hex}"


def whose(conn: Connection[Any], workspace_id: int, found: Mapping[str, str], anonymous: str) -> tuple[Names, Names]:
    """The names of the first message, and of those after it. anonymous: of the browser; found: field → what was filled in.

    By its order of names a message would be the browser's. So a visitor whom nobody knows becomes the one whose address it is; who is known
    by this browser and is somebody else has nothing to do with it: neither their address is written over, nor do they agree to anything.
    """
    email, phone = fold_email(found.get("email", "")), fold_phone(found.get("phone", ""))
    names = Names(anonymous=anonymous, email=email, phone=phone, trusted=False)
    kinds = {"anonymous_kind": ANONYMOUS, "email_kind": EMAIL, "phone_kind": PHONE}
    asked = {"workspace": workspace_id, "anonymous": anonymous, "email": email, "phone": phone, **kinds}
    owners: dict[int, int] = dict(conn.execute(_OWNERS, asked).fetchall())
    browser, known = owners.get(ANONYMOUS), owners.get(EMAIL, owners.get(PHONE))
    if browser is None or browser in (owners.get(EMAIL), owners.get(PHONE)):
        return names, names
    theirs = {row[0] for row in conn.execute(_KINDS, (workspace_id, browser)).fetchall()}
    if theirs == {ANONYMOUS}:
        if known is None:
            return names, names
        by = {"email": email} if EMAIL in owners else {"phone": phone}
        return Names(**by, previous=anonymous, alias=True, trusted=False), names
    filled = {kind for kind, value in ((EMAIL, email), (PHONE, phone)) if value is not None}
    if known is not None or theirs & filled:
        names = names._replace(anonymous=nobody())
    return names, names
