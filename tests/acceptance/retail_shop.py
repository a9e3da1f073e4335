"""Two shops to replay: UCI's Online Retail, where it lies beside the checkout, and a small one of our own, made up from a seed."""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.acceptance.retail_rows import Event, events_of, read_invoices

SHARED = Path(os.environ.get("SAFAR_SHARED_DATA") or Path(__file__).resolve().parents[2].parent / "shared" / "data")
ONLINE_RETAIL = SHARED / "online_retail" / "online_retail.csv.gz"
OPENS = datetime(2010, 12, 1, 9, tzinfo=UTC)
UNTIL = datetime(2011, 12, 10, tzinfo=UTC)  # the day after the last row
HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"

# Article → description, price in pence.
ARTICLES = {
    "M01": ("BLUE MUG", 850),
    "M02": ("MUG, TURQUOISE", 1275),
    "P07": ("COPPER TEA POT", 6420),
    "S11": ("SAMOVAR", 21000),
    "C03": ("SPOON", 199),
    "C04": ("TRAY", 2999),
}


def read_online_retail() -> list[Event]:
    """The whole year: 541,909 rows, 4,372 customers."""
    with gzip.open(ONLINE_RETAIL, "rt", encoding="utf-8", newline="") as lines:
        return list(events_of(read_invoices(lines)))


def make_small_shop(customers: int = 150, seed: int = 1405) -> list[Event]:
    """The same kind of rows: steady ones and rare ones, parts and whole orders taken back, two invoices in one minute."""
    rows = sorted(_rows(random.Random(seed), customers), key=lambda row: row.split(",")[-4])
    rows = [row for row in rows if row.split(",")[-4] < f"{UNTIL:%Y-%m-%d}"]
    return list(events_of(read_invoices([HEADER, *rows])))


def _rows(luck: random.Random, customers: int) -> Iterator[str]:
    numbers = iter(range(1, 10**6))
    yield _row("0", "M01", 1, OPENS, "")  # somebody at the till
    for number in range(customers):
        who, every = f"{20000 + number}.0", luck.choice((15, 40, 75, 110, 160))
        at = OPENS + timedelta(days=luck.randrange(200), minutes=luck.randrange(540))
        while at < UNTIL:
            invoice = f"{next(numbers):06}"
            bought = {luck.choice(list(ARTICLES)): luck.randrange(1, 12) for _ in range(luck.randrange(1, 5))}
            for code, n in bought.items():
                yield _row(invoice, code, n, at, who)
            chance = luck.random()
            if chance < 0.05:  # the next one comes in the same minute
                continue
            if chance < 0.35:
                days = luck.choice((0, 3, 6, 12, 45))
                whole = luck.random() < 0.5
                for code, n in bought.items() if whole else list(bought.items())[:1]:
                    back = n if whole else max(1, n // 2)
                    yield _row(f"C{invoice}", code, -back, at + timedelta(days=days, minutes=30), who)
            elif chance < 0.4:  # of something that was never bought
                yield _row(f"C{invoice}", "D", -1, at + timedelta(days=1), who)
            at += timedelta(days=max(1, round(luck.expovariate(1 / every))), minutes=luck.randrange(-20, 60))
            at = at.replace(hour=min(max(at.hour, 8), 19))


def _row(invoice: str, code: str, n: int, at: datetime, who: str) -> str:
    description, pence = ARTICLES.get(code, ("Discount", 500))
    return f'{invoice},{code},"{description}",{n},{at:%Y-%m-%d %H:%M:%S},{pence / 100:.2f},{who},Iran'
