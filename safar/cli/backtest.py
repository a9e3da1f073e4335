"""``safar backtest``: drafts replayed over history."""

from __future__ import annotations

import typer


def add_to(root: typer.Typer) -> None:
    root.command("backtest", rich_help_panel="Journeys")(backtest)


def backtest() -> None:
    """Replay events through draft journeys: who would have entered, which way, what would have been sent."""
