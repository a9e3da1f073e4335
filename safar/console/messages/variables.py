"""What an editor offers to be put into a text: fields, figures and the rest, each with words and an example of use."""

from __future__ import annotations

from typing import Any

import psycopg
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from safar.accounts.models import Workspace
from safar.journeys.offers import offers

FACTS = {
    "orders": _("Number of orders"),
    "spent": _("Spent in all"),
    "last_order": _("Last order"),
    "first_order": _("First order"),
    "cart_value": _("Value of the cart"),
    "last_seen": _("Last seen"),
}
MONEY, MOMENTS = ("spent", "cart_value"), ("last_order", "first_order", "last_seen")
TRAITS = {
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "city": _("City"),
    "birthday": _("Birthday"),
}
OTHERS = {
    "workspace.name": _("Name of the business"),
    "latest_order.order_id": _("Number of the latest order"),
    "unsubscribe_url": _("Address to unsubscribe"),
    "preferences_url": _("Address to choose topics and how often"),
    "confirm_url": _("Address to confirm a sign-up"),
}
FRIEND = {"fa": "دوست عزیز", "en": "friend"}


def variables(conn: psycopg.Connection[Any], workspace: Workspace, tongue: str) -> list[dict[str, Any]]:
    """[{group, label, put: {language: text}}]; put: what is written into a text of that language."""
    offered = offers(conn, workspace, tongue)
    traits = list(dict.fromkeys([*TRAITS, *offered["trait"]]))
    found = [
        {"group": "contact", "label": gettext(TRAITS[name]) if name in TRAITS else name, "put": _trait(name)}
        for name in traits
        if name.isidentifier()
    ]
    found += [{"group": "facts", "label": gettext(label), "put": _fact(name)} for name, label in FACTS.items()]
    entries = sorted({name for names in offered["property"].values() for name in names if name.isidentifier()})
    found += [{"group": "entry", "label": name, "put": _plain(f"entry.{name}")} for name in entries[:100]]
    found += [{"group": "others", "label": gettext(label), "put": _plain(name)} for name, label in OTHERS.items()]
    return found


def known_names(conn: psycopg.Connection[Any], workspace: Workspace, tongue: str) -> dict[str, set[str]]:
    """What `content.checks.check` takes for known."""
    return {"contact": {*TRAITS, *offers(conn, workspace, tongue)["trait"]}}


def _trait(name: str) -> dict[str, str]:
    if name != "first_name":
        return _plain(f"contact.{name}")
    return {tongue: f'{{{{ contact.first_name | default: "{word}" }}}}' for tongue, word in FRIEND.items()}


def _fact(name: str) -> dict[str, str]:
    if name in MOMENTS:
        return _plain(f'facts.{name} | date: "%-d %B %Y"')
    return _plain(f"facts.{name} | {'money' if name in MONEY else 'number'}")


def _plain(name: str) -> dict[str, str]:
    return dict.fromkeys(("en", "fa"), f"{{{{ {name} }}}}")
