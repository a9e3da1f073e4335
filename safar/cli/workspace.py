"""``safar workspace``: the businesses kept here. (export and import are added by the room that owns the archive.)"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from safar.cli import output
from safar.cli.options import Json, exact_span
from safar.cli.session import choose_workspace, connection, prepare

app = typer.Typer(no_args_is_help=True, help="Workspaces: one business each, with its zone, calendar and currency.")


class SendMode(StrEnum):
    """mailbox keeps all messages here; team sends to the team's addresses only; live sends."""

    mailbox = "mailbox"
    team = "team"
    live = "live"


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, name="workspace", rich_help_panel="Set up")


@app.command("create")
def create(
    slug: Annotated[str, typer.Argument(help="Short name in Latin letters, such as mug-shop.")],
    name: Annotated[str, typer.Option(help="The name people see; the slug where it is left out.")] = "",
    zone: Annotated[str, typer.Option(help="Zone of the business, such as Asia/Tehran.")] = "",
    calendar: Annotated[str, typer.Option(help="gregorian or jalali.")] = "gregorian",
    currency: Annotated[str, typer.Option(help="Currency money is kept in, such as IRR or EUR.")] = "USD",
    language: Annotated[str, typer.Option(help="en or fa.")] = "",
    currency_unit: Annotated[
        str, typer.Option(help="Unit money is shown in, such as IRT; the currency if left out.")
    ] = "",
    week_start: Annotated[str, typer.Option(help="sat, sun or mon; the calendar's if left out.")] = "",
    weekend: Annotated[list[str] | None, typer.Option(help="A day nobody works, such as fri; repeat it.")] = None,
    as_json: Json = False,
) -> None:
    """Make a workspace."""
    prepare()
    from django.conf import settings

    from safar.accounts import services

    made = services.create_workspace(
        slug=slug,
        name=name or slug,
        zone=zone or settings.SAFAR.timezone,
        calendar=calendar,
        currency=currency,
        language=language or settings.SAFAR.language,
        currency_unit=currency_unit,
        week_start=week_start,
        weekend=weekend,
    )
    if as_json:
        output.print_json({"slug": made.slug, "id": made.id})
    else:
        output.say(
            f"[green]✓[/green] workspace [bold]{made.slug}[/bold]; next: safar key create --kind write -w {made.slug}"
        )


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the workspaces."""
    prepare()
    from safar.accounts.models import Workspace

    fields = ("slug", "name", "zone", "calendar", "currency")
    rows = list(Workspace.objects.order_by("slug").values_list(*fields))
    if as_json:
        output.print_json([dict(zip(fields, row, strict=True)) for row in rows])
    else:
        output.table(fields, rows)


@app.command("set")
def set_(
    slug: Annotated[str, typer.Argument(help="The workspace.")],
    name: Annotated[str | None, typer.Option(help="The name people see.")] = None,
    zone: Annotated[str | None, typer.Option(help="Zone of the business.")] = None,
    language: Annotated[str | None, typer.Option(help="en or fa.")] = None,
    currency_unit: Annotated[str | None, typer.Option(help="Unit money is shown in, such as IRT.")] = None,
    week_start: Annotated[str | None, typer.Option(help="sat, sun or mon.")] = None,
    weekend: Annotated[list[str] | None, typer.Option(help="A day nobody works, such as fri; repeat it.")] = None,
    late_events: Annotated[str | None, typer.Option(help="How late an event may come and still count: PT1H.")] = None,
    send_mode: Annotated[
        SendMode | None, typer.Option(help="Where messages go; the installation may allow less.")
    ] = None,
    team_address: Annotated[list[str] | None, typer.Option(help="Who gets mail in the mode team; repeat it.")] = None,
    as_json: Json = False,
) -> None:
    """Change settings of a workspace. Calendar and currency stay: what is kept was computed by them."""
    given = {
        "name": name,
        "zone": zone,
        "language": language,
        "currency_unit": currency_unit,
        "week_start": week_start,
        "weekend": weekend,
        "late_events": None if late_events is None else int(exact_span(late_events, "--late-events").total_seconds()),
        "send_mode": send_mode.value if send_mode else None,
        "team_addresses": team_address,
    }
    _change(slug, {key: value for key, value in given.items() if value is not None}, as_json)


@app.command("stop")
def stop(slug: Annotated[str, typer.Argument(help="The workspace.")]) -> None:
    """The kill switch: from the next message on nothing leaves the house. People go on walking, messages wait."""
    _change(slug, {"stopped": True}, False)


@app.command("start")
def start(slug: Annotated[str, typer.Argument(help="The workspace.")]) -> None:
    """Let a stopped workspace send again; what waits and is still in time goes out."""
    _change(slug, {"stopped": False}, False)


def _change(slug: str, changes: dict[str, Any], as_json: bool) -> None:
    workspace = choose_workspace(slug)
    from safar.accounts.changes import update_workspace
    from safar.journeys.engine.load import touch_plan

    changed = update_workspace(workspace=workspace, **changes)
    if changed:
        with connection() as conn:
            touch_plan(conn)
            conn.execute("SELECT pg_notify('safar_outbox', '')")  # dispatchers look again at once
    if as_json:
        output.print_json({"changed": changed})
    else:
        output.say(f"[green]✓[/green] {slug}: {', '.join(changed) or 'as it was'}")
