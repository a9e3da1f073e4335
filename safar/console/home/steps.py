"""The first steps of a workspace: what is done, and where the next is taken."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from safar.console.access import ConsoleRequest, may, to

_DONE = """
    SELECT EXISTS (SELECT FROM shop WHERE workspace_id = %(workspace)s AND removed_at IS NULL)
               OR EXISTS (SELECT FROM accounts_apikey WHERE workspace_id = %(workspace)s AND revoked_at IS NULL),
           EXISTS (SELECT FROM identity WHERE workspace_id = %(workspace)s),
           EXISTS (SELECT FROM content_template WHERE workspace_id = %(workspace)s),
           EXISTS (SELECT FROM sender WHERE workspace_id = %(workspace)s AND address <> ''),
           EXISTS (SELECT FROM accounts_auditentry WHERE workspace_id = %(workspace)s AND action = 'test_template'),
           EXISTS (SELECT FROM journeys_journey WHERE workspace_id = %(workspace)s AND state IN ('live', 'paused', 'archived'))"""


@dataclass(frozen=True)
class Step:
    """address: where it is taken; empty where there is no such page, or it is not this member's to take."""

    label: str
    help: str
    done: bool
    address: str


def first_steps(request: ConsoleRequest) -> list[Step]:
    """All of them, or none once the last is taken: then there are figures to look at."""
    with connection.cursor() as cursor:
        cursor.execute(_DONE, {"workspace": request.workspace.pk})
        shop, contacts, template, sender, tested, journey = cursor.fetchone() or (False,) * 6
    if journey and contacts:
        return []
    return [
        Step(
            _("Connect your shop"),
            _("WooCommerce or Shopify, and what happens there comes in by itself; any other shop sends it with a key."),
            shop,
            _address(request, "shops", "admin"),
        ),
        Step(
            _("Let contacts come in"),
            _("By events of the shop, or from a file you have."),
            contacts,
            _address(request, "contacts_import", "editor") or _address(request, "contacts", "editor"),
        ),
        Step(
            _("Say who your messages come from"),
            _("The name and address that your contacts see, and how much goes out in an hour."),
            sender,
            _address(request, "senders", "admin"),
        ),
        Step(
            _("Write a first message"),
            _("In one language or both, with the words you would use yourself."),
            template,
            _address(request, "messages", "editor"),
        ),
        Step(
            _("Send it to yourself"),
            _("Until you say otherwise nothing leaves the house: what is sent can be read here."),
            tested,
            _address(request, "messages", "editor"),
        ),
        Step(
            _("Let your first journey live"),
            _("Take a ready-made one, such as a welcome or an abandoned cart, and change what you like."),
            journey,
            _address(request, "journeys", "editor"),
        ),
    ]


def _address(request: ConsoleRequest, page: str, role: str) -> str:
    try:
        return to(request, page) if may(request.membership, role) else ""
    except NoReverseMatch:
        return ""
