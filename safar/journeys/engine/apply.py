"""Step 1 of an event: the history, traits, tags, consent and facts. Segments and armed starting points follow in steps.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from safar.journeys.compiler.tables import EXITS
from safar.journeys.engine.plan import Plan
from safar.journeys.engine.session import Session

ORDERS = frozenset({"Order Completed", "Order Corrected", "Order Refunded", "Order Cancelled"})
CARTS = frozenset({"Product Added", "Product Removed", "Cart Viewed", "Cart Updated", "Order Completed"})
MESSAGES = frozenset({"message_sent", "email_opened", "email_clicked", "sms_clicked"})
FIGURES = ORDERS | CARTS | MESSAGES
APPLY = "safar.contacts.apply"


def apply_events(
    session: Session, plan: Plan, present: Sequence[tuple[Any, ...]], *, figures: bool = True, search: bool = True
) -> None:
    """present: (workspace, kind, type, name, group, c, has facts, traits, consent, tags, fresh) of the round, as Tick reads it.
    figures: False where nobody will ever read the facts of the shop and of messages. search: False where nobody will look for people.

    Runs only the statements that somebody in the round needs.
    """
    events = [row for row in present if row[1] < 2]
    names = {row[3] for row in events if row[6]} if figures else set()
    types = {row[2] for row in events}
    if "merge" in types:
        session.file("end_merged", why=EXITS.index("merged"))
        session.file("merge", APPLY)
        session.run(
            "UPDATE walker w SET stop_at = '-infinity' FROM turn t WHERE t.type = 'merge' AND w.contact_id = t.contact_id"
        )
    if "absorb" in types:
        session.file("absorb_history", APPLY)
    session.file("log")
    if any(row[10] for row in events):
        session.file("created", APPLY)
    if any(row[7] for row in events):
        session.file("traits", APPLY)
    if any(row[9] for row in events):
        session.file("tags", APPLY)
    if any(row[8] for row in events):
        session.file("consent", APPLY)
    if "absorb" in types:
        session.file("absorb_person", APPLY)
    anew = not types.isdisjoint(("absorb", "recount"))
    if anew:
        session.file("absorb_facts", APPLY)
    if "absorb" in types or any(row[8] for row in events):
        session.file("topics_left", APPLY)
    if search and ("absorb" in types or any(row[7] or (row[1] == 0 and row[3] == "trait_changed") for row in events)):
        session.file("search", APPLY)
    if names & ORDERS:
        session.file("purchases", APPLY)
    if names & ORDERS or anew:
        session.file("order_facts", APPLY)
    if names & CARTS:
        session.file("cart", APPLY)
    if names & CARTS or anew:
        session.file("cart_anew", APPLY)
    if names & MESSAGES:
        session.file("message_facts", APPLY)
    if any(
        row[2] in ("identify", "track", "page", "screen") and plan.workspaces[row[0]].reads_last_seen
        for row in events
        if row[0] in plan.workspaces
    ):
        session.file("last_seen", APPLY)
