"""What needs somebody: notices of the house, journeys with people set aside, messages that failed, sendings in doubt, orders without a rate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safar.console.access import ConsoleRequest, to
from safar.console.database import session
from safar.console.home.figures import Today
from safar.contacts.rates import find_unrated
from safar.contacts.requests import count_open
from safar.journeys.models import PAUSED, Journey

_SET_ASIDE = """
    SELECT v.journey_id, count(*) FROM set_aside s JOIN journeys_version v ON v.id = s.version_id
      JOIN journeys_journey j ON j.id = v.journey_id WHERE j.workspace_id = %s AND j.state <> 'archived' GROUP BY 1"""
_NOTICES = (
    "SELECT words, at FROM team_notice WHERE workspace_id IN (0, %s) AND over_at IS NULL ORDER BY at DESC LIMIT 20"
)


@dataclass(frozen=True)
class Matter:
    """One line. journey: its key, or empty; serious: it stands in the way of people or messages now; address: where it is looked at."""

    said: str
    address: str = ""
    journey: str = ""
    title: str = ""
    serious: bool = True


def look(request: ConsoleRequest, today: Today) -> list[Matter]:
    """Serious ones first."""
    return sorted(_matters(request, today), key=lambda matter: not matter.serious)


def _matters(request: ConsoleRequest, today: Today) -> Iterator[Matter]:
    formats = request.formats
    with connection.cursor() as cursor:
        cursor.execute(_NOTICES, [request.workspace.pk])
        notices = cursor.fetchall()
        cursor.execute(_SET_ASIDE, [request.workspace.pk])
        aside = dict(cursor.fetchall())
    for words, _at in notices:
        yield Matter(_words(words, formats.language))
    if today.in_doubt:
        said = ngettext(
            "%(n)s message is in doubt: nobody knows whether it went out.",
            "%(n)s messages are in doubt: nobody knows whether they went out.",
            today.in_doubt,
        )
        yield Matter(said % {"n": formats.number(today.in_doubt)}, f"{to(request, 'sent')}?state=in_doubt")
    if today.failed:
        said = ngettext("%(n)s message failed today.", "%(n)s messages failed today.", today.failed)
        yield Matter(said % {"n": formats.number(today.failed)}, f"{to(request, 'sent')}?state=failed")
    with session() as conn:
        unrated = find_unrated(conn, request.workspace.pk)
        asked, due_at = count_open(conn, request.workspace.pk)
    if due_at is not None:
        said = ngettext(
            "%(n)s person asked by right; an answer is due by %(day)s.",
            "%(n)s people asked by right; the first answer is due by %(day)s.",
            asked,
        )
        named = {"n": formats.number(asked), "day": formats.day(due_at)}
        yield Matter(said % named, f"{to(request, 'requests')}?state=open", serious=due_at < datetime.now(UTC))
    for one in unrated:
        said = ngettext(
            "%(n)s order in %(currency)s counts, but not its money: there is no exchange rate for it (Settings).",
            "%(n)s orders in %(currency)s count, but not their money: there is no exchange rate for them (Settings).",
            one.orders,
        )
        yield Matter(said % {"n": formats.number(one.orders), "currency": one.currency}, serious=False)
    journeys = Journey.objects.filter(workspace=request.workspace)
    for journey in journeys.filter(pk__in=aside):
        said = ngettext("%(n)s person is set aside.", "%(n)s people are set aside.", aside[journey.pk])
        yield Matter(said % {"n": formats.number(aside[journey.pk])}, **_about(request, journey))
    for journey in journeys.filter(state=PAUSED):
        people = today.by_journey.get(journey.pk, 0)
        said = ngettext("Paused, with %(n)s person on the road.", "Paused, with %(n)s people on the road.", people)
        yield Matter(said % {"n": formats.number(people)}, **_about(request, journey), serious=False)


def _about(request: ConsoleRequest, journey: Journey) -> dict[str, Any]:
    address = to(request, "journey", key=journey.key)
    return {"address": address, "journey": journey.key, "title": title(journey, request.formats.language)}


def title(journey: Journey, language: str) -> str:
    """In the page's language; the key where the draft says none."""
    try:
        said = json.loads(journey.draft or "{}").get("title")
    except (ValueError, AttributeError):
        said = None
    if isinstance(said, dict):
        said = said.get(language) or next(iter(said.values()), None)
    return said if isinstance(said, str) and said.strip() else journey.key


def _words(words: Any, language: str) -> str:
    """Django reads jsonb as text, psycopg as what it is."""
    found = json.loads(words) if isinstance(words, str) else words
    if not isinstance(found, dict):
        return _("Something needs you; look at the log.")
    return str(found.get(language) or found.get("en") or next(iter(found.values()), ""))
