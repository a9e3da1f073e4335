"""The navigation beside every page: one class an entry, shown when its room has pages. `room` is the folder and the address's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.urls import NoReverseMatch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safar.console.access import ConsoleRequest, may, to


class Entry:
    """role: who sees it. besides: rooms without an entry whose pages belong to it."""

    room: ClassVar[str]
    icon: ClassVar[str]
    label: ClassVar[Promise]
    role: ClassVar[str] = "viewer"
    besides: ClassVar[tuple[str, ...]] = ()


class Home(Entry):
    room = "home"
    icon = "home"
    label = _("Home")


class Journeys(Entry):
    room = "journeys"
    icon = "route"
    label = _("Journeys")
    besides = ("trying", "lookback")


class Contacts(Entry):
    room = "contacts"
    icon = "users"
    label = _("Contacts")
    besides = ("rights",)


class Segments(Entry):
    room = "segments"
    icon = "filter"
    label = _("Segments")


class Messages(Entry):
    room = "messages"
    icon = "mail"
    label = _("Messages")


class Website(Entry):
    room = "website"
    icon = "forms"
    label = _("Forms and pop-ups")


class Campaigns(Entry):
    room = "campaigns"
    icon = "speakerphone"
    label = _("Campaigns")


class Ahead(Entry):
    room = "ahead"
    icon = "calendar-event"
    label = _("The road ahead")


class Sent(Entry):
    room = "sent"
    icon = "send"
    label = _("Sent messages")


class Notices(Entry):
    room = "notices"
    icon = "bell"
    label = _("Notices")


class Live(Entry):
    room = "events"
    icon = "activity"
    label = _("Live events")


class Settings(Entry):
    room = "settings"
    icon = "settings"
    label = _("Settings")
    role = "admin"


ENTRIES = (Home, Journeys, Contacts, Segments, Messages, Website, Campaigns, Ahead, Sent, Notices, Live, Settings)


@dataclass(frozen=True)
class Shown:
    """One line of the navigation. current: the page belongs to it."""

    label: str
    icon: str
    address: str
    current: bool


def navigation(request: ConsoleRequest) -> Iterator[Shown]:
    """What the member sees: rooms that are there, and that the role reaches."""
    view = request.resolver_match.func if request.resolver_match else None
    here = getattr(view, "__module__", "").removeprefix("safar.console.").split(".")[0]
    for entry in ENTRIES:
        if not may(request.membership, entry.role):
            continue
        try:
            address = to(request, entry.room)
        except NoReverseMatch:
            continue
        yield Shown(str(entry.label), entry.icon, address, here in (entry.room, *entry.besides))
