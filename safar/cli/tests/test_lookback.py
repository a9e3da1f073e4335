"""``safar lookback``: a file of orders, its faults, and what is said of it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from safar.cli.failures import WRONG_INPUT
from safar.cli.lookback import _short

ORDERS = """Nummer;Datum;E-Mail;Betrag
1;2024-01-10;sara@home.example;40,00
2;2024-02-20;sara@home.example;60,00
3;2024-03-01;ali@home.example;50,00
4;2024-12-30;mina@home.example;50,00
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    return path


def test_the_file_of_a_shop(safar: Any, file: Path) -> None:
    columns = ("--column", "at=Datum", "--column", "total=Betrag")
    code, told, said = safar("lookback", str(file), *columns, "--currency", "eur", "--json")
    assert code == 0, said
    found = json.loads(told)
    assert found["past"]["orders"] == 4
    assert found["past"]["average"] == "50.00"
    second = next(each for each in found["journeys"] if each["key"] == "second-purchase")
    assert (second["people"], second["returned"], second["missed"]) == (3, 1, 2)
    assert second["within"] == {"3": "3.00", "5": "5.00", "8": "8.00"}
    _, shown, said = safar("lookback", str(file), *columns)
    assert "second-purchase" in shown
    assert "An assumption, not a promise" in said


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "0"),
        ("9999", "9,999"),
        ("36570.16", "36.6k"),
        ("940000", "940k"),
        ("1250000", "1.25M"),
        ("2.5e12", "2,500G"),
    ],
)
def test_a_year_is_weighed_in_three_digits(amount: str, shown: str) -> None:
    assert _short(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ((), "no column says when it was ordered"),
        (("--column", "when=Datum"), "'when' is none of"),
        (("--column", "at=Date"), "there is no column 'Date'"),
        (("--column", "at=Datum", "--column", "total=Betrag", "--sms-price", "-1"), "is no price"),
        (("--column", "at=Datum", "--zone", "Mars"), "is not a zone's name"),
    ],
)
def test_what_is_wrong_is_said(command_line: Any, file: Path, said: tuple[str, ...], fault: str) -> None:
    code, _, told = command_line("lookback", str(file), *said)
    assert code == WRONG_INPUT
    assert fault in told
