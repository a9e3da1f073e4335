"""The benchmark `pages`: what the pages of the console take on the server, with few contacts and with many."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from typing import Any

import psycopg

from safar.bench.pages.crowd import multiply
from safar.bench.report import Report
from safar.postgres.connections import connect

Say = Callable[[str], None]
SIZE, SMALL = 100_000, 120
FEW = 1_000  # contacts of the workspace that stays small
TIMES = 5
SLOW = 100.0  # ms
# Pages without arguments are found by their addresses; files, and pages that only sign in or out, are none.
NO_PAGES = ("export", "refused", "csv", "json", "count", "preview", "frame", "media")
SEARCHES = {
    "contacts?order=seen": ("contacts", "order=seen"),
    "contacts?q=": ("contacts", "q=سارا"),
    "contacts?segment=": ("contacts", "segment={segment}"),
}


def bench_pages(url: str, size: int, say: Say) -> Report:
    """size: contacts of the larger workspace. Both are shops of the demo; the people of one are then there many times."""
    from safar.accounts.models import Workspace
    from safar.demo.load import load_demo

    report = Report("pages", size, "contacts")
    people = min(FEW, max(10, size // 4)) * 5 // 2  # the second shop has two fifths of them
    say(f"a demo of {people} contacts")
    load_demo(url, contacts=people, now=datetime.now(UTC))
    grown, small = Workspace.objects.order_by("pk")[:2]
    with connect(url, application_name="safar bench") as conn:
        there = {one.pk: _count(conn, one.pk) for one in (grown, small)}
        say(f"{size} contacts")
        multiply(conn, grown.pk, max(1, round(size / there[grown.pk]) - 1))
    took = _measure(grown, small, say)
    for name, (many, few) in sorted(took.items(), key=lambda one: -one[1][0]):
        report.note(f"{name}, {there[small.pk]:,} contacts", few, "ms")
        report.note(f"{name}, {size:,} contacts", many, "ms")
    report.at_most("the slowest page", max(many for many, _ in took.values()), SLOW, "ms")
    report.at_most(
        "a page against itself with few contacts, the median", median(many / few for many, few in took.values()), 1.5
    )
    return report


def _count(conn: psycopg.Connection[Any], workspace_id: int) -> int:
    row = conn.execute("SELECT count(*) FROM contact WHERE workspace_id = %s", (workspace_id,)).fetchone()
    return int(row[0]) if row else 0


def _measure(grown: Any, small: Any, say: Say) -> dict[str, tuple[float, float]]:
    """Milliseconds of each page in both, the median of TIMES after one that is not counted; in turns, so that whatever else the
    machine does is in both."""
    from django.test import Client

    from safar.accounts.models import Member, Membership, Role

    member, _ = Member.objects.get_or_create(email="bench@safar.example")
    for workspace in (grown, small):
        Membership.objects.get_or_create(workspace=workspace, member=member, defaults={"role": Role.OWNER})
    client = Client(headers={"host": "localhost", "accept-language": "fa"})
    client.force_login(member)
    found: dict[str, tuple[float, float]] = {}
    others = _addresses(small)
    for name, address in _addresses(grown).items():
        answer = client.get(address)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        client.get(others[name])
        pairs = [(_once(client, address), _once(client, others[name])) for _ in range(TIMES)]
        found[name] = (median(many for many, _ in pairs), median(few for _, few in pairs))
        say(f"{name}: {found[name][0]:.0f} ms, {found[name][1]:.0f} with few")
    return found


def _once(client: Any, address: str) -> float:
    began = time.perf_counter()
    client.get(address)
    return (time.perf_counter() - began) * 1e3


def _addresses(workspace: Any) -> dict[str, str]:
    """Name → address: every page without arguments, one of each with some, and searches."""
    from django.urls import NoReverseMatch, get_resolver, reverse

    from safar.content.models import Template
    from safar.journeys.models import Journey
    from safar.segments.models import Segment

    slug = {"workspace_slug": workspace.slug}
    first = {
        "journey": Journey.objects.filter(workspace=workspace).order_by("pk").values_list("key", flat=True)[0],
        "segment": Segment.objects.filter(workspace=workspace).order_by("pk").values_list("key", flat=True)[0],
        "template": Template.objects.filter(workspace_id=workspace.pk).order_by("pk").values_list("key", flat=True)[0],
    }
    names = sorted({name for name in _names(get_resolver()) if not any(word in name for word in NO_PAGES)})
    found: dict[str, str] = {}
    for name in names:
        for more in ({}, {"key": first.get(name)}, {"contact": _somebody(workspace)}):
            given: dict[str, Any] = {**slug, **more}
            if None in given.values():
                continue
            try:
                found[name] = reverse(f"console:{name}", kwargs=given)
                break
            except NoReverseMatch:
                continue
    for name, (page, query) in SEARCHES.items():
        found[name] = f"{reverse(f'console:{page}', kwargs=slug)}?{query.format(**first)}"
    return found


def _names(resolver: Any, inside: bool = False) -> list[str]:
    """Of the addresses of the console, wherever they hang."""
    found: list[str] = []
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            found += _names(pattern, inside or pattern.namespace == "console")
        elif inside and pattern.name:
            found.append(pattern.name)
    return found


def _somebody(workspace: Any) -> int:
    """A contact to whom much has happened."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact_id FROM event WHERE workspace_id = %s AND contact_id < %s GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
            (workspace.pk, 1 << 34),
        )
        return int(cursor.fetchone()[0])
