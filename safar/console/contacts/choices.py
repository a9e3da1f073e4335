"""What a column of a file may be taken for, as a page offers it, and what somebody has chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from safar.console.contacts.words import TRAITS
from safar.contacts.topics import Topic
from safar.events.imports.columns import (
    CODES,
    CONSENT,
    DATES,
    EMAIL,
    ID,
    LIST_STATUS,
    PHONE,
    REFUSED,
    SKIP,
    STATUS,
    TAGS,
    TOPIC,
    TRAIT,
    Column,
)

OWN = "own"  # a trait by the name of the header
_WHO = ((f"{ID}:id", _("Customer id")), (f"{EMAIL}:email", _("E-mail")), (f"{PHONE}:phone", _("Phone")))
_CONSENTS = (
    (f"{CONSENT}:email", _("Consent to e-mail: yes or no")),
    (f"{CONSENT}:sms", _("Consent to SMS: yes or no")),
    (f"{REFUSED}:email", _("Has refused e-mail")),
    (f"{REFUSED}:sms", _("Has refused SMS")),
    (f"{LIST_STATUS}:email", _("Status of a mailing list (subscribed, unsubscribed, cleaned)")),
    (f"{STATUS}:email", _("A status: only its “no” counts")),
)
_FIELDS = tuple((f"{TRAIT}:{name}", label) for name, label in TRAITS.items() if name not in ("email", "phone"))
Groups = tuple[tuple[Any, Sequence[tuple[str, Any]]], ...]
OFFERED: Groups = (
    (_("Who it is"), _WHO),
    (_("Fields"), _FIELDS),
    (_("Tags"), ((f"{TAGS}:tags", _("Tags")),)),
    (_("Consent"), _CONSENTS),
)


def offered(topics: Sequence[Topic], language: str) -> Groups:
    """What a column may be in a workspace that has these topics."""
    if not topics:
        return OFFERED
    return (*OFFERED, (_("Topics"), [(f"{TOPIC}:{each.key}", each.called(language)) for each in topics]))


def offered_for(header: str, column: Column, groups: Groups) -> dict[str, Any]:
    """What stands in a column's list, and what is chosen there. own: the field by the header's own name."""
    known = {value for _, group in groups for value, _ in group}
    value = f"{column.kind}:{column.name}"
    if column.kind == SKIP:
        chosen = SKIP
    else:
        chosen = value if value in known else OWN
    return {"chosen": chosen, "own": column.name if chosen == OWN else own_name(header)}


def own_name(header: str) -> str:
    """A field's name out of a header."""
    return " ".join(header.replace("\u200c", " ").replace("\0", "").split())[:128]


def chosen_columns(values: Sequence[str], header: Sequence[str]) -> list[Column]:
    """Columns from what was posted, one value a column: ``skip``, ``own``, or ``kind:name``. Missing ones are left out."""
    found = []
    for number, cell in enumerate(header):
        value = values[number] if number < len(values) else SKIP
        kind, _colon, name = value.partition(":")
        if value == SKIP:
            found.append(Column(SKIP, own_name(cell)))
            continue
        if value == OWN:
            kind, name = TRAIT, own_name(cell) or f"column_{number + 1}"
        found.append(Column(kind, name, bool(CODES.search(cell)), bool(DATES.search(cell))))
    return found


def as_said(columns: Sequence[Column]) -> list[dict[str, Any]]:
    """As a job keeps them."""
    return [{"kind": one.kind, "name": one.name, "code": one.code, "date": one.date} for one in columns]
