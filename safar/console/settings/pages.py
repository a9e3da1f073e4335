"""The pages of the settings, by what they are about: the list beside every one of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safar.console.access import ConsoleRequest, to

# What it is about → name of the address (and of the page's ``tab``), and what the list calls it.
GROUPS: tuple[tuple[Promise, tuple[tuple[str, Promise], ...]], ...] = (
    (
        _("General"),
        (("settings", _("Workspace")), ("members", _("Members")), ("rates", _("Exchange rates")), ("occasions", _("Occasions"))),
    ),
    (
        _("Messages"),
        (
            ("senders", _("Sending")),
            ("email_service", _("E-mail service")),
            ("sms_service", _("SMS service")),
            ("timing", _("When and how often")),
            ("tracking", _("Tracking")),
            ("destinations", _("Notices")),
        ),
    ),
    (_("Website and shops"), (("site", _("Website")), ("shops", _("Shops")))),
    (
        _("Data and access"),
        (("privacy", _("Privacy")), ("keys", _("API keys")), ("webhooks", _("Webhooks")), ("audit", _("Audit log"))),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    label: str
    address: str
    current: bool


def list_pages(request: ConsoleRequest, tab: str) -> list[tuple[str, list[Page]]]:
    """tab: the page that is open."""
    return [
        (str(about), [Page(str(label), to(request, name), name == tab) for name, label in pages])
        for about, pages in GROUPS
    ]
