"""``safar key``: what clients show when they send events."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from safar.cli import output
from safar.cli.options import Json, WorkspaceSlug
from safar.cli.session import choose_workspace

app = typer.Typer(no_args_is_help=True, help="Keys for clients that send events.")


class KeyKind(StrEnum):
    """write: public, sends events. secret: also says consent and merges; shown once."""

    write = "write"
    secret = "secret"


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, name="key", rich_help_panel="Set up")


@app.command("create")
def create(
    kind: Annotated[KeyKind, typer.Option(help="write for websites and apps, secret for servers.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="What a secret key is limited to, such as events; repeat it. None: everything."),
    ] = None,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
    workspace: WorkspaceSlug = None,
    as_json: Json = False,
) -> None:
    """Make a key and print it, once."""
    chosen = choose_workspace(workspace)
    from safar.accounts import services

    made = services.create_key(workspace=chosen, kind=kind.value, label=label, scopes=scope or ())
    if as_json:
        output.print_json({"workspace": chosen.slug, "kind": kind.value, "key": made})
        return
    typer.echo(made)
    if kind is KeyKind.secret:
        output.say("[dim]Keep it now: it is stored hashed and cannot be shown again.[/dim]")
