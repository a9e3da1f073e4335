"""``safar journey ready-made``: what stands on the shelf, and taking one from it."""

from __future__ import annotations

from typing import Annotated

import typer

from safar.cli import output
from safar.cli.options import Json, WorkspaceSlug
from safar.cli.session import choose_workspace


def ready_made(
    key: Annotated[
        str | None, typer.Argument(metavar="KEY", help="The journey to use; all are listed if left out.")
    ] = None,
    workspace: WorkspaceSlug = None,
    language: Annotated[str, typer.Option(help="en or fa: of the list.")] = "en",
    site: Annotated[
        str, typer.Option(help="The shop's address without https://, for the links in the messages.")
    ] = "shop.example",
    both: Annotated[
        bool, typer.Option("--both", help="Messages in both languages, not the workspace's alone.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the ready-made journeys, or make one a draft with its templates and segments; nothing that is there is overwritten."""
    from safar.journeys.definition.model import LANGUAGES
    from safar.journeys.readymade.shelf import find_ready_made, list_ready_made

    language = language if language in LANGUAGES else "en"
    if key is None:
        found = list_ready_made(language)
        if as_json:
            output.print_json(found)
            return
        rows = [(each.key, each.stage_name, f"{each.title}: {each.about}") for each in found]
        output.table(("journey", "stage", "what it does"), rows, whole=("journey", "stage"))
        return
    chosen = choose_workspace(workspace)
    from safar.journeys.readymade.using import use_ready_made

    used = use_ready_made(chosen, key, languages=LANGUAGES if both else (), site=site)
    if as_json:
        output.print_json(vars(used))
        return
    how = "is a draft now" if used.made else "is there already, as it was"
    output.say(f"[green]✓[/green] {used.journey} {how}; safar journey show {used.journey}")
    for need in find_ready_made(key, language).needs:
        output.say("  it needs", output.plain_text(need.text))
