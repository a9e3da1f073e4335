"""``safar retention``: what is older than the workspace keeps it, and having it go."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from safar.cli import output
from safar.cli.options import Json, WorkspaceSlug
from safar.cli.session import choose_workspace, connection


def add_to(root: typer.Typer) -> None:
    root.command("retention", rich_help_panel="Keep")(retention)


def retention(
    workspace: WorkspaceSlug = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Have it go now, a slice at a time; Ctrl-C stops it harmlessly.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show what is older than the workspace keeps it; nothing goes without --apply. By itself it goes every hour."""
    chosen = choose_workspace(workspace)
    from safar.journeys.retention.sweep import count_old, sweep

    now = datetime.now(UTC)
    with connection() as conn:
        old = count_old(conn, chosen.pk, now)
        taken = sweep(conn, chosen.pk, now) if apply else {}
    found = [
        {"kind": one.kind, "before": one.before.isoformat(), "old": one.count, "gone": taken.get(one.kind, 0)}
        for one in old
    ]
    if as_json:
        output.print_json({"workspace": chosen.slug, "applied": apply, "kinds": found})
        return
    if not found:
        output.say("Everything is kept for good (Settings, Privacy).")
        return
    for one, row in zip(old, found, strict=True):
        gone = f", {row['gone']:,} gone" if apply else ""
        output.say(f"{one.kind:<13} older than {one.before:%Y-%m-%d}: {one.count:,}{gone}")
    if not apply and any(one.count for one in old):
        output.say("Nothing was taken away. safar retention --apply does it now; by itself it is done every hour.")
