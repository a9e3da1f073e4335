"""``safar schema`` and ``safar kinds``: the language of journeys, from the code itself."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from safar.cli import output
from safar.cli.failures import Failure
from safar.cli.options import Json
from safar.lib.faults import did_you_mean


def add_to(root: typer.Typer) -> None:
    root.command("schema", rich_help_panel="Look")(schema)
    root.command("kinds", rich_help_panel="Look")(kinds)


def schema() -> None:
    """Print the JSON Schema of a journey, for editors that complete and underline."""
    from safar.journeys.definition.schema import journey_schema

    output.print_json(journey_schema())


def kinds(
    kind: Annotated[str | None, typer.Argument(metavar="KIND", help="Show this one whole, such as wait.")] = None,
    language: Annotated[str, typer.Option(help="en or fa.")] = "en",
    as_json: Json = False,
) -> None:
    """List the kinds of points there are, with what they take and where they lead."""
    from safar.journeys.registry import list_kinds

    known = list_kinds()
    if kind is not None:
        chosen = [each for each in known if each["kind"] == kind]
        if not chosen:
            raise Failure(f"There is no kind {kind!r}{did_you_mean(kind, (each['kind'] for each in known))}.")
        known = chosen
    if as_json:
        output.print_json(known)
    elif kind is not None:
        for each in known:
            _show(each, language)
    else:
        for section in dict.fromkeys(each["section"] for each in known):
            rows = [
                (each["kind"], each["label"][language], _takes(each), _leads(each))
                for each in known
                if each["section"] == section
            ]
            output.table(("kind", "what", "takes", "leads"), rows, title=f"{section}s", whole=("kind",))


def _takes(kind: dict[str, Any]) -> str:
    return ", ".join(p["name"] if p["required"] else f"[{p['name']}]" for p in kind["parameters"])


def _leads(kind: dict[str, Any]) -> str:
    return "as it says" if kind["paths"] is None else ", ".join(kind["paths"]) or "to the end"


def _show(kind: dict[str, Any], language: str) -> None:
    from safar.journeys.definition.dump import flow_yaml

    output.out().print(f"[bold]{kind['label'][language]}[/bold] [dim]{kind['section']} · {kind['kind']}[/dim]")
    output.out().print(kind["help"][language], markup=False)
    if kind["parameters"]:
        rows = [
            (p["name"], p["type"], "yes" if p["required"] else "no", p["help"].get(language) or p["label"][language])
            for p in kind["parameters"]
        ]
        output.table(("parameter", "type", "required", "what it says"), rows)
    output.out().print(f"leads: {_leads(kind)}", markup=False)
    output.out().print(f"such as: {flow_yaml({'kind': kind['kind'], **kind['example']})}", markup=False)
