"""``safar workspace``: the businesses kept here. (export and import are added by the room that owns the archive.)"""

from __future__ import annotations

from typing import Annotated

import typer

from safar.cli import output
from safar.cli.options import Json
from safar.cli.session import prepare

app = typer.Typer(no_args_is_help=True, help="Workspaces: one business each, with its zone, calendar and currency.")


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
