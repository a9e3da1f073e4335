"""``safar lookback``: what the ready-made journeys would have done over the past year, from a file of orders or from what is recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from safar.cli import output
from safar.cli.backtest import Calendar
from safar.cli.failures import refuse
from safar.cli.options import Json, zone_name
from safar.cli.session import choose_workspace, find_database

if TYPE_CHECKING:
    from collections.abc import Callable

    from safar.journeys.lookback.looking import LookBack
    from safar.journeys.lookback.reach import Weights

SHOWN_REFUSALS = 10


def add_to(root: typer.Typer) -> None:
    root.command("lookback", rich_help_panel="Journeys")(lookback)


def lookback(
    orders: Annotated[
        Path | None,
        typer.Argument(
            metavar="ORDERS.csv",
            help="A shop's export, a row an order or an article; what the workspace recorded if left out.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="ROLE=HEADER", help="What a column is, where its header does not say it: total=Betrag."),
    ] = None,
    zone: Annotated[str | None, typer.Option(help="Zone of the shop; UTC, or the workspace's.")] = None,
    calendar: Annotated[Calendar | None, typer.Option(help="Its calendar; gregorian, or the workspace's.")] = None,
    currency: Annotated[
        str | None, typer.Option(help="Of the amounts; what the file names, or the workspace's.")
    ] = None,
    email_price: Annotated[str | None, typer.Option(metavar="AMOUNT", help="What an e-mail costs.")] = None,
    sms_price: Annotated[str | None, typer.Option(metavar="AMOUNT", help="What a part of an SMS costs.")] = None,
    language: Annotated[str, typer.Option(help="Of the messages and of what is said: en or fa.")] = "en",
    workspace: Annotated[
        str | None, typer.Option("--workspace", "-w", metavar="SLUG", help="Whose history, without a file.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Play the ready-made journeys over the past year: whom they would have reached, what it would have cost, what lies within reach.

    Nothing is sent and nothing stays behind.
    """
    say = (lambda what: None) if as_json else (lambda what: output.say(f"[dim]{what}…[/dim]"))
    language = "fa" if language == "fa" else "en"
    prices = {"email": _amount(email_price, "--email-price"), "sms": _amount(sms_price, "--sms-price")}
    from safar.journeys.backtest.run import Setting
    from safar.journeys.lookback.reach import Weights

    weights = Weights(language, prices)
    said = {
        "zone": zone and zone_name(zone),
        "calendar": calendar and calendar.value,
        "currency": currency and currency.upper(),
    }
    given: dict[str, Any] = {name: value for name, value in said.items() if value}
    if orders is None:
        found = _recorded(workspace, given, weights, say)
    else:
        setting = replace(Setting("UTC"), **given)
        found = _on_file(orders, column or [], setting, weights, say, as_json)
    if as_json:
        output.print_json(found.as_json())
    else:
        _show(found, language)


def _on_file(
    path: Path, said: list[str], setting: Any, weights: Weights, say: Callable[[str], None], quiet: bool
) -> LookBack:
    from safar.journeys.lookback.columns import guess_columns
    from safar.journeys.lookback.looking import look_back_on_orders
    from safar.journeys.lookback.orders import read_header, read_orders

    header = read_header(path)
    columns = {**guess_columns(header), **_columns(said, header)}
    read = read_orders(path, ZoneInfo(setting.zone), columns)
    if not quiet:
        for role, number in columns.items():
            output.say("[dim]column[/dim]", output.plain_text(f"{header[number]} → {role}"))
        for refusal in read.refusals[:SHOWN_REFUSALS]:
            output.say("[red]✗[/red]", output.plain_text(str(refusal)))
        output.say(f"{len(read.found):,} orders; {read.never:,} never paid, {read.refused:,} rows refused")
    return look_back_on_orders(find_database(), read.found, setting, weights, say)


def _recorded(slug: str | None, given: dict[str, Any], weights: Weights, say: Callable[[str], None]) -> LookBack:
    chosen = choose_workspace(slug)
    from safar.journeys.backtest.run import Setting
    from safar.journeys.lookback.looking import look_back_on_recorded

    own = Setting(chosen.zone, chosen.calendar, chosen.currency, timedelta(seconds=chosen.late_events))
    return look_back_on_recorded(find_database(), chosen.pk, replace(own, **given), datetime.now(UTC), weights, say)


def _columns(said: list[str], header: list[str]) -> dict[str, int]:
    from safar.journeys.lookback.columns import ROLES

    found = {}
    for each in said:
        role, _, name = each.partition("=")
        if role not in ROLES:
            refuse(f"{role!r} is none of {', '.join(ROLES)}", place="--column")
        if name not in header:
            refuse(f"there is no column {name!r}; there are {', '.join(header)}", place="--column")
        found[role] = header.index(name)
    return found


def _short(amount: Decimal | None) -> str | None:
    """In three digits or a little more, as a year is weighed: 940, 36.6k, 1.25M."""
    if amount is None:
        return None
    for size, mark in ((10**9, "G"), (10**6, "M"), (10**4, "k")):
        if abs(amount) >= size:
            unit = 1000 if mark == "k" else size
            return f"{amount / unit:.3g}{mark}" if abs(amount) < 1000 * unit else f"{amount / unit:,.0f}{mark}"
    return f"{amount:,.0f}"


def _amount(text: str | None, name: str) -> Decimal | None:
    try:
        amount = Decimal(text) if text is not None else None
    except InvalidOperation:
        refuse(f"{text!r} is no amount", place=name)
    if amount is not None and not 0 <= amount < 10**12:
        refuse(f"{text!r} is no price", place=name)
    return amount


def _show(found: LookBack, language: str) -> None:
    from safar.journeys.lookback.reach import SHARES
    from safar.journeys.readymade.shelf import find_ready_made

    past = found.past
    output.say(
        f"{past.since:%Y-%m-%d} to {past.until:%Y-%m-%d}; {past.orders:,} orders of {past.contacts:,} contacts in all,"
        f" {past.average:,} {past.currency} on average"
    )
    rows = [
        (
            each.key,
            each.people,
            sum(each.messages.values()),
            _short(each.cost),
            each.returned,
            *(_short(each.within[share]) if each.within else None for share in SHARES),
        )
        for each in found.journeys
    ]
    figures = ("people", "messages", "cost", "returned", *(f"{share} %" for share in SHARES))
    output.table(("journey", *figures), rows, numbers=figures, whole=("journey",))
    output.say(
        "[dim]returned: ordered again although nothing was sent; 3 %: the money, if so many of the others order once as well.[/dim]"
    )
    output.say(
        "[dim]An assumption, not a promise: that so many order, and as much as is usual; here nobody has got a message.[/dim]"
    )
    if any(each.guessed for each in found.journeys):
        output.say("[dim]How people would have answered messages that were never sent, nobody can know.[/dim]")
    for key in found.idle:
        needs = "; ".join(need.text for need in find_ready_made(key, language).needs)
        output.say("[dim]nobody would have entered[/dim]", output.plain_text(f"{key}; it needs: {needs}"))
    output.say("safar journey ready-made KEY makes one a draft")
