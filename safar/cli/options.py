"""Options that many commands share, so that they are spelt and explained alike."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from safar.cli.failures import refuse

Json = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]
WorkspaceSlug = Annotated[
    str | None,
    typer.Option("--workspace", "-w", metavar="SLUG", help="The workspace; may be left out while there is only one."),
]
SourceFile = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)]


def moment(text: str | None, name: str) -> datetime | None:
    """An instant in ISO 8601 with its offset or Z; None for None. Raises Refused, naming the option.

    Without an offset the text would mean another instant on another machine.
    """
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        refuse(f"{text!r} is no moment; write it as 2027-03-21T00:00:00Z", place=name)
    if at.tzinfo is None:
        refuse(f"{text!r} has no offset; write 2027-03-21T00:00:00Z or …+03:30", place=name)
    return at


def exact_span(text: str, name: str) -> timedelta:
    """A span of hours, minutes and seconds, such as PT1H. Raises Refused, naming the option.

    Days and more are refused: they have no one length in a calendar.
    """
    from safar.lib.durations import parse_duration

    try:
        span = parse_duration(text)
    except ValueError as error:
        refuse(str(error), place=name)
    if span.calendar_part or span.exact < timedelta():
        refuse(f"{text!r} is not made of hours, minutes and seconds", place=name)
    return span.exact


def zone_name(text: str) -> str:
    """A zone's name as the tz database has it. Raises Refused, naming the option."""
    try:
        return ZoneInfo(text).key
    except (LookupError, ValueError, OSError):
        refuse(f"{text!r} is not a zone's name such as Asia/Tehran", place="--zone")
