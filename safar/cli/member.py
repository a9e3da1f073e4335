"""``safar login-link`` and ``safar workspace invite``: how people come in before there is a password or a mail server."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from safar.cli import output
from safar.cli.failures import Failure
from safar.cli.options import Json, WorkspaceSlug
from safar.cli.session import choose_workspace, find_database, prepare
from safar.cli.workspace import app as workspace_app


class MemberRole(StrEnum):
    """Each may do what those after it may."""

    owner = "owner"
    admin = "admin"
    editor = "editor"
    analyst = "analyst"
    viewer = "viewer"


def add_to(root: typer.Typer) -> None:
    root.command("login-link", rich_help_panel="Set up")(login_link)
    if "invite" not in {command.name for command in workspace_app.registered_commands}:
        workspace_app.command("invite")(invite)  # a process may build the tree twice


def login_link(
    email: Annotated[str, typer.Argument(help="Whom it signs in; the installation's owner if left out.")] = "",
    lost: Annotated[
        bool, typer.Option("--lost-second-step", help="Take away their second step: the phone and the codes are lost.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Print an address that signs a member in: once, within 15 minutes."""
    prepare()
    find_database()
    from safar.accounts.links import create_sign_in_link
    from safar.accounts.members import clean_email, find_or_make_owner, forget_second_step
    from safar.accounts.models import Member

    member = Member.objects.filter(email=clean_email(email)).first() if email else find_or_make_owner()
    if member is None:
        raise Failure(f"There is no member {email}.", "Invite: safar workspace invite EMAIL -w SLUG")
    if lost:
        forget_second_step(member=member)
    _print("enter", create_sign_in_link(member=member), member.email, as_json)


def invite(
    email: Annotated[str, typer.Argument(help="Who is invited.")],
    role: Annotated[MemberRole, typer.Option(help="What the member may do.")] = MemberRole.editor,
    workspace: WorkspaceSlug = None,
    as_json: Json = False,
) -> None:
    """Invite somebody into a workspace: prints the address to be given to them, good for 7 days."""
    chosen = choose_workspace(workspace)
    from safar.accounts.links import invite as make

    _print("invitation", make(workspace=chosen, email=email, role=role.value), email, as_json)


def _print(what: str, token: str, email: str, as_json: bool) -> None:
    from django.conf import settings

    address = f"{settings.SAFAR.public_url}/{what}/{token}/"
    if as_json:
        output.print_json({"email": email, "address": address})
    else:
        typer.echo(address)
