"""Exchange rates on the command line, and a back-test of files that takes its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safar.cli.failures import WRONG_INPUT

DRAFT = """
journey: j
start: {go: {kind: event, event: Order Completed, next: rich}}
points:
  rich: {kind: if_else, condition: {fact: spent, at_least: 1000}}
"""
ORDER = {
    "type": "track",
    "event": "Order Completed",
    "userId": "sara",
    "messageId": "m1",
    "receivedAt": "2026-11-22T10:00:00Z",
    "timestamp": "2026-11-22T10:00:00Z",
    "properties": {"order_id": "1", "total": 10, "currency": "EUR"},
}


@pytest.fixture
def shop(safar):
    assert safar("workspace", "create", "mugs", "--currency", "IRR", "--zone", "Asia/Tehran")[0] == 0
    return safar


def test_rates_are_set_listed_and_dropped(shop) -> None:
    assert shop("rate", "set", "eur", "2026-11-22", "1050000.5")[0] == 0
    assert shop("rate", "set", "USD", "2026-11-20", "910000")[0] == 0
    code, out, _ = shop("rate", "list", "--json")
    assert code == 0
    assert [(one["currency"], one["day"], float(one["rate"])) for one in json.loads(out)["rates"]] == [
        ("EUR", "2026-11-22", 1050000.5),
        ("USD", "2026-11-20", 910000),
    ]
    assert shop("rate", "drop", "EUR", "2026-11-22")[0] == 0
    assert shop("rate", "drop", "EUR", "2026-11-22")[0] == WRONG_INPUT
    assert "EUR" not in shop("rate", "list")[1]


@pytest.mark.parametrize(
    "words",
    [
        ("set", "IRT", "2026-11-22", "10"),
        ("set", "EUR", "soon", "10"),
        ("set", "EUR", "2026-11-22", "much"),
        ("set", "EUR", "2026-11-22", "0"),
    ],
)
def test_what_is_no_rate_is_refused(shop, words: tuple[str, ...]) -> None:
    assert shop("rate", *words)[0] == WRONG_INPUT
    assert json.loads(shop("rate", "list", "--json")[1])["rates"] == []


def test_a_file_is_taken_whole_or_not_at_all(shop, tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("\ufeffcurrency,day,rate\nEUR,2026-11-21,1000\nEUR,2026-13-01,1000\n", encoding="utf-8")
    code, _, err = shop("rate", "import", str(file))
    assert code == WRONG_INPUT
    assert "line 3" in err
    assert json.loads(shop("rate", "list", "--json")[1])["rates"] == []
    file.write_text("day,currency,rate\n2026-11-21,EUR,1000\n2026-11-22,EUR,1010.5\n", encoding="utf-8")
    assert shop("rate", "import", str(file))[0] == 0
    assert len(json.loads(shop("rate", "list", "--json")[1])["rates"]) == 2
    file.write_text("coin,day,rate\n", encoding="utf-8")
    assert "has no column currency" in shop("rate", "import", str(file))[2]


def test_a_back_test_of_files_takes_its_own_rates(safar, tmp_path: Path) -> None:
    journey, events, rates = (tmp_path / name for name in ("j.yaml", "events.jsonl", "rates.csv"))
    journey.write_text(DRAFT, encoding="utf-8")
    events.write_text(json.dumps(ORDER) + "\n", encoding="utf-8")
    rates.write_text("currency,day,rate\nEUR,2026-11-22,100\n", encoding="utf-8")
    words = ("backtest", str(journey), "--events", str(events), "--until", "2026-11-23T00:00:00Z", "--currency", "IRR")
    trace = tmp_path / "trace.jsonl"

    def way(*more: str) -> str:
        code, _, err = safar(*words, "--json", "--trace", str(trace), *more)
        assert code == 0, err
        return json.loads(trace.read_text(encoding="utf-8"))["passages"][0]["path"]

    assert (way(), way("--rates", str(rates))) == ("no", "yes")
    assert safar(*words[:-2], "--rates", str(rates))[0] == WRONG_INPUT, "rates in no currency"
    assert safar("backtest", str(journey), "--rates", str(rates))[0] == WRONG_INPUT, "a workspace has its own"
