"""The command line as a whole: which groups there are, and how a command's end becomes an exit code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Annotated

import typer

from safar.cli import (
    backtest,
    checking,
    contact,
    importing,
    journey,
    key,
    lookback,
    member,
    output,
    rate,
    reference,
    retention,
    segment,
    shop,
    template,
    workspace,
)
from safar.cli.failures import FAILED, INTERRUPTED, WRONG_INPUT, Failure, lines_of
from safar.lib.faults import Refused
from safar.postgres.errors import ServerFault

GROUPS = (
    workspace,
    key,
    member,
    rate,
    shop,
    importing,
    journey,
    template,
    segment,
    backtest,
    lookback,
    contact,
    checking,
    retention,
    reference,
)


def build_app(*above: Callable[[typer.Typer], None]) -> typer.Typer:
    """All commands of this floor, after those that the floors above add: run the house, keep it."""
    app = typer.Typer(
        name="safar",
        help="Customer journeys on PostgreSQL: events in, contacts walk, messages out.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for add_to in (*above, *(group.add_to for group in GROUPS)):
        add_to(app)
    return app


def _root(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", is_eager=True, callback=lambda asked: _print_version(asked)
        ),
    ] = False,
) -> None:
    """Customer journeys on PostgreSQL: events in, contacts walk, messages out."""


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"safar {version('safar')}")
        raise typer.Exit


def run(app: typer.Typer, argv: Sequence[str]) -> int:
    """Run one command: what a person can mend is told in words, a fault of ours shows its trace."""
    try:
        app(args=list(argv), prog_name="safar")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else FAILED
    except Refused as refused:
        for line in lines_of(refused.faults):
            output.say(f"[red]✗[/red] {_escaped(line)}")
        return WRONG_INPUT
    except Failure as failure:
        _tell(failure.what, failure.mend)
        return failure.code
    except ServerFault as fault:
        _tell(fault.what, fault.mend)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        told = _of_the_database(error)
        if told is None:
            raise
        _tell(told.what, told.mend)
        return told.code
    return 0


def _of_the_database(error: BaseException) -> Failure | None:
    """What a person can mend of a database error, Django's or psycopg's; None for anything else."""
    import psycopg

    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, psycopg.Error):
        cause = cause.__cause__
    if isinstance(cause, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
        return Failure("The database's tables are not those of this version.", "Bring them there: safar migrate")
    if isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None:
        return Failure(f"The database cannot be reached ({str(cause).strip()}).", "Look with `safar doctor`.")
    return None


def _tell(what: str, mend: str) -> None:
    output.say(f"[red]✗[/red] {_escaped(what)}")
    if mend:
        output.say(f"  {_escaped(mend)}")


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
