"""``safar contact``: one person, whole."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from safar.cli import output
from safar.cli.options import Json, WorkspaceSlug
from safar.cli.session import choose_workspace, connection

app = typer.Typer(no_args_is_help=True, help="One contact: facts, places on maps, timeline.")


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, name="contact", rich_help_panel="Look")


@app.callback()
def group() -> None:
    """One contact: facts, places on maps, timeline."""


@app.command("show")
def show(
    who: Annotated[str, typer.Argument(metavar="WHO", help="userId, anonymousId, e-mail, phone, or the number.")],
    workspace: WorkspaceSlug = None,
    limit: Annotated[int, typer.Option(help="How many events and messages.", min=0)] = 20,
    as_json: Json = False,
) -> None:
    """Print a contact's names, facts, places on maps and timeline."""
    chosen = choose_workspace(workspace)
    from safar.cli.person import find_person, read_person

    with connection() as conn:
        person = read_person(conn, chosen.pk, find_person(conn, chosen.pk, who), limit)
    if as_json:
        output.print_json(person)
    else:
        _show(person)


def _show(person: dict[str, Any]) -> None:
    from safar.cli.person import places

    _title(str(person["traits"].get("name") or person["key"]))
    output.pairs(
        {
            **{f"{row['kind']} {row['value']}": "" for row in person["names"]},
            "number": str(person["contact"]),
            "known since": person["created_at"],
            **({"merged into": str(person["merged_into"])} if person["merged_into"] else {}),
            "tags": ", ".join(row["tag"] for row in person["tags"]) or None,
            "consent": ", ".join(f"{row['channel']} {row['state']}" for row in person["consents"]) or None,
        }
    )
    if person["traits"]:
        _title("Fields")
        output.pairs(person["traits"])
    _title("Facts")
    output.pairs({name.replace("_", " "): value for name, value in person["facts"].items()})
    if person["trips"]:
        _title("Places on maps")
        output.table(("journey", "point", "since", "status", "came in by"), places(person["trips"]), whole=("journey",))
    _title("Timeline")
    output.table(("when", "what", "with"), _timeline(person), whole=("when",))


def _title(text: str) -> None:
    output.out().print(output.plain_text(f"\n{text}"), style="bold")


def _timeline(person: dict[str, Any]) -> list[tuple[Any, str, str]]:
    """Events and messages together, the newest first."""
    lines = []
    for event in person["events"]:
        cause = f" ({event['cause']})" if event["cause"] else ""
        told = json.dumps(event["properties"], ensure_ascii=False, default=output.plain)
        lines.append((event["timestamp"], event["name"] + cause, "" if told == "{}" else _short(told)))
    for message in person["messages"]:
        state = message["state"] + (f": {message['reason']}" if message["reason"] else "")
        lines.append((message["at"], f"{message['channel']} {message['template'] or ''}", state))
    for message in person["waiting"]:
        lines.append((message["at"], f"{message['channel']} {message['template'] or ''}", "waits"))
    return sorted(lines, key=lambda line: line[0], reverse=True)


def _short(text: str, most: int = 120) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
