"""A file of orders, as a shop or a till exports it: a row an order, or a row an article with the order's number on each.

All orders are held in memory, about a kilobyte each: a look back over a million of them wants a gigabyte.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from safar.contacts.names import fold_email, fold_phone
from safar.events.imports.cells import BadCell, read_date
from safar.events.imports.files import open_text, survey
from safar.events.imports.records import Lines, read_records, sniff_delimiter
from safar.events.imports.report import MAX_LISTED, Refusal
from safar.journeys.lookback.cells import day_comes_first, read_amount, read_at, read_state
from safar.journeys.lookback.columns import check_columns, guess_columns
from safar.lib.faults import Fault, Refused, said, told
from safar.lib.text import fold_digits

MOST_PRODUCTS = 40  # of an order: a message has its limit, and the total counts them all


@dataclass(slots=True)
class Order:
    """who: what the buyer is known by. state: paid, never or back. back: what of it was given back; lines: the sum of its articles."""

    number: str
    who: str
    at: datetime
    email: str | None
    phone: str | None
    name: str
    birthday: str | None
    currency: str | None
    state: str
    total: Decimal | None = None
    back: Decimal = Decimal(0)
    lines: Decimal = Decimal(0)
    products: list[dict[str, object]] = field(default_factory=list)

    @property
    def paid(self) -> Decimal:
        return self.total if self.total is not None else self.lines


@dataclass
class Orders:
    """found: paid for, by time. never: were never paid. refused: rows that cannot be read, the first thousand with their reason."""

    found: list[Order]
    header: list[str]
    columns: Mapping[str, int]
    rows: int = 0
    never: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)


def read_header(path: Path) -> list[str]:
    """The cells of the first row. Raises Refused."""
    with open_text(path, survey(path).encoding) as (text, _):
        return _header(Lines(text))[0]


def read_orders(path: Path, zone: ZoneInfo, columns: Mapping[str, int] | None = None) -> Orders:
    """columns: role → number of its column; as the header says if left out. Bad rows are left out and listed.

    Raises Refused where the file cannot be read, or does not say when, who or how much.
    """
    encoding = survey(path).encoding
    with open_text(path, encoding) as (text, _):
        header, delimiter = _header(lines := Lines(text))
        columns = guess_columns(header) if columns is None else columns
        check_columns(columns, header)
        place = columns["at"]
        day_first = day_comes_first(
            row[1][place] for row in read_records(lines, delimiter) if isinstance(row, tuple) and place < len(row[1])
        )
    orders, found = Orders([], header, columns), dict[str, Order]()
    with open_text(path, encoding) as (text, _):
        _header(lines := Lines(text))
        for record in read_records(lines, delimiter):
            orders.rows += 1
            try:
                if isinstance(record, Refusal):
                    raise BadCell(record.message)
                _take(_row(record[1], columns), str(record[0]), found, zone, day_first)
            except BadCell as error:
                orders.refused += 1
                if len(orders.refusals) < MAX_LISTED:
                    line = record.line if isinstance(record, Refusal) else record[0]
                    orders.refusals.append(Refusal(line, "", told(error)))
    paid = [order for order in found.values() if order.state != "never" and order.paid > 0]
    orders.never = len(found) - len(paid)
    orders.found = sorted(paid, key=lambda order: order.at)
    return orders


def _header(lines: Lines) -> tuple[list[str], str]:
    first = lines.next()
    if first is None or not first[1].strip():
        raise Refused([Fault("header", said("is missing"))])
    lines.give_back([first])
    delimiter = sniff_delimiter(first[1])
    record = next(read_records(lines, delimiter))
    if isinstance(record, Refusal):
        raise Refused([Fault("header", record.message)])
    return [cell.strip() for cell in record[1]], delimiter


def _row(cells: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {role: cells[number].strip() for role, number in columns.items() if number < len(cells)}


def _take(row: Mapping[str, str], line: str, found: dict[str, Order], zone: ZoneInfo, day_first: bool | None) -> None:
    """One row into the orders; rows of one number are one order, and what only its first row says counts for all. Raises BadCell."""
    number = row.get("order") or f"line {line}"
    order = found.get(number)
    quantity, price = read_amount(row.get("quantity", "")), read_amount(row.get("price", ""))
    total, back = read_amount(row.get("total", "")), read_amount(row.get("refunded", ""))
    if (total or 0) < 0 or (quantity or 0) < 0:
        raise BadCell(said("gives something back without saying of which order"))
    if order is None:
        order = found[number] = _begin(row, number, zone, day_first)
    order.total = total if order.total is None else order.total
    order.back = max(order.back, back or Decimal(0))
    if price is not None:
        order.lines += price * (1 if quantity is None else quantity)
    if row.get("product") and len(order.products) < MOST_PRODUCTS:
        order.products.append(_product(row["product"], quantity, price))


def _begin(row: Mapping[str, str], number: str, zone: ZoneInfo, day_first: bool | None) -> Order:
    email, phone = fold_email(row.get("email")), fold_phone(row.get("phone"))
    who = row.get("customer", "").removesuffix(".0") or email or phone
    if not who:
        raise BadCell(said("names nobody"))
    at = read_at(row.get("at", ""), zone, day_first)
    birthday = read_date(fold_digits(row.get("birthday", "")))
    currency = row.get("currency", "").upper()
    return Order(
        number[:100],
        who[:100],
        at,
        email,
        phone,
        row.get("name", "")[:100],
        birthday[:10] if birthday else None,
        currency if len(currency) in (3, 4) and currency.isascii() and currency.isalpha() else None,
        read_state(row.get("status", "")),
    )


def _product(name: str, quantity: Decimal | None, price: Decimal | None) -> dict[str, object]:
    said = {"product_id": name[:100], "name": name[:200], "quantity": quantity, "price": price}
    return {
        key: float(value) if isinstance(value, Decimal) else value for key, value in said.items() if value is not None
    }


def customers(orders: Sequence[Order]) -> Iterator[Order]:
    """The first order of each buyer."""
    seen: set[str] = set()
    for order in orders:
        if order.who not in seen:
            seen.add(order.who)
            yield order
