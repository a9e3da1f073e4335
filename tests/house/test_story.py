"""A shop's first day at the command line: workspace, template, segment, journey, people, map, books, back-test, archive."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from safar import cli
from safar.cli import output
from safar.workers import commands

JOURNEY = """
journey: welcome
title: {en: Welcome, fa: خوش‌آمدگویی}
start: {new: {kind: event, event: Signed Up, next: hello}}
points:
  hello: {kind: send_email, template: hello, next: buys}
  buys:  {kind: wait, for: {event: Order Completed}, at_most: P7D, paths: {happened: vip, timed_out: offer}}
  vip:   {kind: add_tag, tag: vip}
  offer: {kind: if_else, condition: {segment: rich}, paths: {yes: vip}}
"""


@pytest.fixture
def safar(own_database_url: str, capsys: pytest.CaptureFixture[str]):
    """Run a command line that must succeed; gives its standard output, read as JSON where it is."""

    def run(*words: str) -> Any:
        output.out.cache_clear()
        output.err.cache_clear()
        code = cli.run(cli.build_app(commands.add_to), words)
        shown = capsys.readouterr()
        assert code == 0, shown.err
        return json.loads(shown.out) if "--json" in words else shown.out

    yield run
    output.out.cache_clear()
    output.err.cache_clear()


def walk(url: str, now: datetime) -> None:
    from safar.journeys.engine.loop import Engine

    engine = Engine(url, now=lambda: now)
    while engine.run_once():
        pass
    engine.close()


def test_a_first_day(safar, own_database_url: str, tmp_path: Path) -> None:
    def write(name: str, text: str) -> str:
        (tmp_path / name).write_text(text, "utf-8")
        return str(tmp_path / name)

    safar("workspace", "create", "shop", "--zone", "Asia/Tehran", "--calendar", "jalali", "--currency", "IRR")
    hello = "hello: {channel: email, languages: {fa: {subject: سلام, html: '<p>سلام {{ contact.name }}</p>'}}}"
    assert list(safar("template", "apply", write("templates.yaml", hello), "--json").values()) == [["hello"]]
    assert [template["key"] for template in safar("template", "list", "--json")] == ["hello"]
    safar("segment", "apply", write("segments.yaml", "rich: {fact: spent, at_least: 1000}"))
    journey = write("welcome.yaml", JOURNEY)
    assert safar("journey", "apply", journey, "--json") == [{"key": "welcome", "changed": True, "made": True}]
    assert safar("journey", "publish", "welcome", "--json")["number"] == 1
    assert safar("journey", "list", "--json")[0]["state"] == "live"
    assert safar("journey", "export", "welcome").startswith("journey: welcome")

    people = write(
        "people.csv", "userId,name,email,consent_email\nsara,سارا,sara@x.example,yes\nali,علی,ali@x.example,\n"
    )
    assert safar("import", "contacts", people, "--json")["accepted"] == 2
    messages = [
        {"type": "track", "event": "Signed Up", "userId": who, "messageId": f"s-{who}"} for who in ("sara", "ali")
    ]
    order = {"order_id": 1, "total": 480, "currency": "IRT"}
    bought = {"type": "track", "event": "Order Completed", "userId": "sara", "messageId": "o-1", "properties": order}
    events = write("events.jsonl", "\n".join(map(json.dumps, [*messages, bought])))
    assert safar("import", "events", events, "--json")["accepted"] == 3
    walk(own_database_url, datetime.now(UTC) + timedelta(seconds=5))

    points = safar("journey", "show", "welcome", "--json")["figures"]["points"]
    assert points["buys"]["entered"] == 2
    assert points["buys"]["standing"] == 1
    assert points["vip"]["entered"] == 1
    drawn = safar("journey", "show", "welcome")
    assert "standing 1" in drawn
    assert "ایستاده ۱" in safar("journey", "show", "welcome", "--language", "fa")

    sara = safar("contact", "show", "SARA@x.example", "--json")
    assert [tag["tag"] for tag in sara["tags"]] == ["vip"]
    assert sara["facts"]["spent"] == "4800"
    assert sara["trips"][0]["status"] == "finished"
    assert "Order Completed" in [event["name"] for event in sara["events"]]
    assert "welcome" in safar("contact", "show", "ali")
    assert safar("segment", "count", "rich", "--json") == {"rich": 1}

    safar("journey", "pause", "welcome")
    assert safar("journey", "list", "--json")[0]["state"] == "paused"
    safar("journey", "resume", "welcome")
    walk(own_database_url, datetime.now(UTC) + timedelta(days=8))
    points = safar("journey", "show", "welcome", "--json")["figures"]["points"]
    assert points["offer"]["entered"] == 1
    assert safar("check", "--json")["closed"]

    trace = tmp_path / "trace.jsonl"
    told = safar("backtest", journey, "--trace", str(trace), "--json")
    assert told["journeys"]["welcome"]["entered"] == 2
    assert {json.loads(line)["contact"] for line in trace.read_text("utf-8").splitlines()} == {"sara", "ali"}
    rows = safar("workspace", "export", "shop", str(tmp_path / "shop.zip"), "--json")["tables"]
    assert rows["contact"]["rows"] == 2
