"""A shop's till rolls as Segment events: what was bought, and what of it was cancelled again.

The rows are those of UCI's Online Retail (InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID,
Country). How they are read:

- A row without a customer names nobody and is left out. An invoice is all rows of one number; its time is its first row's, in
  the shop's zone. It is one `Order Completed`, with the sum of its rows as total.
- A number that begins with C takes something back, but does not say of what. It is tied to the latest earlier invoice of the
  same customer from which every one of its rows can still be taken (article, and as many of it). If nothing is left of that
  invoice it is an `Order Cancelled` of it, else an `Order Refunded` with its own sum. Where no such invoice is (bought before the
  first row, taken back from several at once, discounts, postage) it is an `Order Cancelled` of an order that nobody has
  completed: its own number.
- A customer is identified once, just before the first invoice.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")
CURRENCY = "GBP"
MOST_PRODUCTS = 400  # of a message: 32 KB are the limit, here and in the client; the total is over all of them
CENT = Decimal("0.01")


@dataclass
class Invoice:
    """Rows under one number. lines: (article, how many, unit price)."""

    number: str
    customer: str
    country: str
    at: datetime
    lines: list[tuple[str, int, Decimal]] = field(default_factory=list)

    @property
    def takes_back(self) -> bool:
        return self.number.startswith("C")

    @property
    def total(self) -> Decimal:
        return abs(sum((n * price for _, n, price in self.lines), Decimal(0))).quantize(CENT)


@dataclass(frozen=True)
class Event:
    """One message in the making. number: what it is known by; kind: identify, completed, cancelled, refunded; order: the one it
    speaks of; total: None for no amount."""

    number: str
    at: datetime
    customer: str
    kind: str
    order: str | None = None
    total: Decimal | None = None
    traits: tuple[tuple[str, str], ...] = ()
    lines: tuple[tuple[str, int, Decimal], ...] = ()

    @property
    def message_id(self) -> str:
        return f"{self.kind}-{self.number}"

    @property
    def name(self) -> str:
        return "Order " + self.kind.capitalize()

    @property
    def properties(self) -> dict[str, Any]:
        said: dict[str, Any] = {"order_id": self.order}
        if self.total is not None:
            said |= {"total": float(self.total), "currency": CURRENCY}
        if self.lines:
            said["products"] = [
                {"product_id": code, "quantity": n, "price": float(price)}
                for code, n, price in self.lines[:MOST_PRODUCTS]
            ]
        return said

    def as_message(self) -> dict[str, Any]:
        """As a line of a file for the back-test."""
        moment = self.at.isoformat()
        said = {"userId": self.customer, "messageId": self.message_id, "timestamp": moment, "receivedAt": moment}
        if self.kind == "identify":
            return said | {"type": "identify", "traits": dict(self.traits)}
        return said | {"type": "track", "event": self.name, "properties": self.properties}


def read_invoices(lines: Iterable[str]) -> list[Invoice]:
    """Of a CSV file, in the order of time; of one minute in the order of the file."""
    found: dict[str, Invoice] = {}
    for row in csv.DictReader(lines):
        if not row["CustomerID"]:
            continue
        number = row["InvoiceNo"]
        if number not in found:
            at = datetime.fromisoformat(row["InvoiceDate"]).replace(tzinfo=ZONE).astimezone(UTC)
            found[number] = Invoice(number, row["CustomerID"].removesuffix(".0"), row["Country"], at)
        found[number].lines.append((row["StockCode"], int(row["Quantity"]), Decimal(row["UnitPrice"])))
    return sorted(found.values(), key=lambda invoice: invoice.at)


def events_of(invoices: Iterable[Invoice]) -> Iterator[Event]:
    """In the order of time."""
    known: set[str] = set()
    bought: dict[str, list[tuple[str, Counter[str]]]] = defaultdict(list)  # customer → (invoice, what is left of it)
    for invoice in invoices:
        customer = invoice.customer
        if customer not in known:
            known.add(customer)
            yield Event(customer, invoice.at, customer, "identify", traits=(("country", invoice.country),))
        if not invoice.takes_back:
            left: Counter[str] = Counter()
            for code, n, _ in invoice.lines:
                left[code] += n
            bought[customer].append((invoice.number, left))
            yield Event(
                invoice.number,
                invoice.at,
                customer,
                "completed",
                invoice.number,
                invoice.total,
                lines=tuple(invoice.lines),
            )
        else:
            yield _taken_back(invoice, bought[customer])


def _taken_back(invoice: Invoice, bought: list[tuple[str, Counter[str]]]) -> Event:
    back: Counter[str] = Counter()
    for code, n, _ in invoice.lines:
        back[code] -= n
    for number, left in reversed(bought):
        if back <= left:
            left -= back
            if left:
                return Event(invoice.number, invoice.at, invoice.customer, "refunded", number, invoice.total)
            return Event(invoice.number, invoice.at, invoice.customer, "cancelled", number)
    return Event(invoice.number, invoice.at, invoice.customer, "cancelled", invoice.number)
