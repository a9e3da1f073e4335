"""A message as one contact would get it, made by what the dispatcher makes it with; and a test of it to a person of the team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from safar.channels.sending.desk import Desk
from safar.channels.sending.material import Material, read_material, read_workspace
from safar.channels.services.own import service_of
from safar.channels.settings import Sending
from safar.channels.sms.text import MARKETING, Written, ways_of
from safar.channels.tracking.marking import short_sample
from safar.channels.tracking.settings import read_tracking
from safar.contacts.names import fold_phone
from safar.content.pool import Rendered, RenderPool, Unrenderable
from safar.outbox.rows import CHANNEL, Claimed, Key
from safar.outbox.statements import statement

# The entry it began with is that of the contact's newest trip through one of the journeys that send the template.
_TRIP = """
    SELECT e.id, e.entry_no, j.key FROM enrollment e JOIN journeys_journey j ON j.id = e.journey_id
     WHERE e.bucket = %(bucket)s AND e.contact_id = %(contact)s AND e.journey_id = ANY (%(journeys)s)
     ORDER BY e.entered_at DESC LIMIT 1"""

_SHELF = "SELECT name, price, image_url, url FROM product WHERE workspace_id = %(workspace)s AND name IS NOT NULL ORDER BY seen_at DESC, id LIMIT 3"


def preview_template(
    conn: Connection[Any],
    workspace_id: int,
    template: Mapping[str, Any],
    *,
    contact_id: int,
    language: str,
    journeys: Sequence[int],
    marketing: bool,
    sending: Sending,
    pool: RenderPool,
    now: datetime,
) -> Rendered | Unrenderable:
    """template: {"channel", "languages", "fallbacks", "strict"}, stored or not. contact_id: of this workspace (the caller has looked),
    0 for nobody in particular: one without a name, with products of the workspace in the cart and in the latest order. language: of the text that is
    shown, whatever the contact's. The way out leads nowhere.
    """
    workspace = read_workspace(conn, workspace_id, template["channel"])
    if workspace is None:
        return Unrenderable("the workspace is gone")
    bucket = contact_id & 1023
    trip = conn.execute(_TRIP, {"bucket": bucket, "contact": contact_id, "journeys": list(journeys)}).fetchone()
    enrollment, entry_no, journey = trip or (0, 0, "")
    row = Claimed(
        key=Key(bucket, enrollment, entry_no, 0, 0),
        id=0,
        workspace_id=workspace_id,
        contact_id=contact_id,
        journey_id=0,
        kind="message",
        channel=template["channel"],
        effect={"journey": journey, "class": "marketing" if marketing else "transactional"},
        decided_at=now,
        due_at=now,
        not_after=None,
        attempts=0,
        refusals=0,
        token="",
    )
    material = read_material(conn, [row])[row.key]
    if not contact_id:
        material = _somebody(conn, workspace_id, material)
    desk = Desk(workspace, sending=sending, now=now, templates={"": template}, outside={})
    job = desk.job(row, "", material)
    data = {
        **job.data,
        "unsubscribe_url": f"{sending.public_url}/u/preview",
        "preferences_url": f"{sending.public_url}/p/preview",
    }
    (made,) = pool.render([replace(job, language=language, data=data)])
    return made


def preview_ways(
    conn: Connection[Any],
    workspace_id: int,
    made: Rendered,
    *,
    own: Mapping[str, Any],
    contact_id: int,
    marketing: bool,
    sending: Sending,
) -> tuple[list[Written], str]:
    """In which ways a made SMS would go out by the workspace's service, with a link as long as its short one, and why its pattern would not
    (``sms_text.ways_of``). own: what the message says itself of being tracked. For looking at and counting: that link leads nowhere.
    """
    made = short_sample(made, read_tracking(conn, workspace_id).of_message(own), sending)
    kind = service_of(conn, workspace_id, "sms")
    row = conn.execute(
        "SELECT btrim(phone) FROM contact WHERE bucket = %s AND id = %s AND workspace_id = %s",
        (contact_id & 1023, contact_id, workspace_id),
    ).fetchone()
    address = (fold_phone(row[0]) or row[0]) if row and row[0] else None
    klass = MARKETING if marketing else "transactional"
    rules = kind.patterns if kind else None
    return ways_of(made, klass=klass, address=address, rules=rules, strict=kind is not None)


def _somebody(conn: Connection[Any], workspace_id: int, material: Material) -> Material:
    """Nobody in particular, so that blocks of products and figures of the cart are seen with something in them."""
    with conn.cursor(row_factory=dict_row) as cursor:
        products = cursor.execute(_SHELF, {"workspace": workspace_id}).fetchall()
    found = [{name: value for name, value in one.items() if value is not None} for one in products]
    total = sum(one["price"] for one in found if "price" in one)
    cart = {"products": [{**one, "price": str(one["price"])} if "price" in one else one for one in found]}
    entry = {"cart_value": str(total), "total": str(total), "order_id": "1001", **cart} if found else {}
    return replace(material, cart=cart, latest_order={**cart, "order_id": "1001", "total": str(total)}, entry=entry)


def send_test(
    conn: Connection[Any], workspace_id: int, *, channel: str, to: str, made: Rendered, template: str, by: str
) -> None:
    """Puts a made message into the outbox, for the dispatcher to take through the gate as any other: in the mode mailbox it stays there, in
    the mode team it goes to the team's addresses only.
    """
    texts = {name: getattr(made, name) for name in ("language", "subject", "html", "text", "pattern")}
    effect = {"channel": channel, "to": to, "made": texts, "template": template, "class": "transactional", "by": by}
    asked = {"workspace_id": workspace_id, "effect": Jsonb(effect)}
    conn.execute(statement("put_test", "safar.channels"), asked)
    conn.execute(f"NOTIFY {CHANNEL}")
