"""How commands end: exit codes, faults in words, JSON that is JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safar.cli import output
from safar.cli.failures import FAILED, WRONG_INPUT
from safar.cli.options import moment
from safar.lib.faults import Refused

JOURNEY = """
journey: welcome
title: {en: Welcome, fa: خوش‌آمد}
start: {tagged: {kind: tag_added, tag: new, next: greet}}
points:
  greet: {kind: send_email, template: hello, next: mark}
  mark: {kind: add_tag, tag: greeted}
"""


@pytest.fixture
def safar(command_line):
    """With no installation: these commands need none, or say so."""
    return command_line


@pytest.fixture
def journey(tmp_path: Path) -> Path:
    path = tmp_path / "welcome.yaml"
    path.write_text(JOURNEY, encoding="utf-8")
    return path


def test_version(safar) -> None:
    code, out, _ = safar("--version")
    assert code == 0
    assert out.startswith("safar 0.")


def test_a_sound_journey(safar, journey: Path) -> None:
    assert safar("journey", "validate", str(journey))[0] == 0


def test_every_fault_of_a_journey_with_its_line(safar, journey: Path) -> None:
    journey.write_text(JOURNEY.replace("next: mark", "next: marc").replace("kind: add_tag", "kind: ad_tag"), "utf-8")
    code, _, err = safar("journey", "validate", str(journey))
    assert code == WRONG_INPUT
    assert "did you mean 'mark'?" in err
    assert "did you mean 'add_tag'?" in err
    assert f"{journey}:6" in err
    code, out, _ = safar("journey", "validate", str(journey), "--json")
    assert code == WRONG_INPUT
    assert len(json.loads(out)[str(journey)]) == 2


def test_markup_in_a_file_is_text(safar, journey: Path) -> None:
    journey.write_text(JOURNEY.replace("next: mark", "next: '[red]x[/red]'"), "utf-8")
    assert "[red]x[/red]" in safar("journey", "validate", str(journey))[2]


def test_the_schema_is_json(safar) -> None:
    assert json.loads(safar("schema")[1])["title"] == "Safar journey"


def test_kinds(safar) -> None:
    code, out, _ = safar("kinds", "--json")
    assert code == 0
    assert {"wait", "send_email", "tag_added"} <= {kind["kind"] for kind in json.loads(out)}
    assert "at_most" in safar("kinds", "wait")[1]
    code, _, err = safar("kinds", "wiat")
    assert code == FAILED
    assert "did you mean 'wait'?" in err


def test_an_unknown_command_and_a_missing_file(safar) -> None:
    assert safar("jurney")[0] == WRONG_INPUT
    assert safar("journey", "validate", "no-such-file.yaml")[0] == WRONG_INPUT


def test_faults_of_the_environment_are_told_and_no_trace(safar, monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess
    import sys

    environment = {"SAFAR_PORT": "x", "SAFAR_TIMEZON": "UTC", "SAFAR_DATABASE_URL": "postgresql://x"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = subprocess.run(
        [sys.executable, "-m", "safar", "workspace", "list"], capture_output=True, text=True, check=False
    )
    assert done.returncode == WRONG_INPUT
    assert "SAFAR_PORT" in done.stderr
    assert "did you mean 'SAFAR_TIMEZONE'?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_without_tables_and_none_at_all(
    safar, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connections

    for url, mend in ((empty_database_url, "safar migrate"), ("postgresql://x@127.0.0.1:1/x", "safar doctor")):
        connections.close_all()
        monkeypatch.setenv("SAFAR_DATABASE_URL", url)
        code, _, err = safar("workspace", "list")
        assert code == FAILED
        assert mend in err
    connections.close_all()


@pytest.mark.parametrize("text", ["2027-01-01", "2027-01-01T00:00:00", "tomorrow", "", "2027-13-01T00:00:00Z"])
def test_moments_need_an_offset(text: str) -> None:
    with pytest.raises(Refused):
        moment(text, "--until")


def test_values_for_people() -> None:
    from decimal import Decimal

    assert output.text_of(1234567) == "1,234,567"
    assert output.text_of(Decimal("4800000.00")) == "4,800,000"
    assert output.text_of(None) == "–"
    assert output.text_of(True) == "yes"
    assert output.text_of(Decimal("1E+3")) == "1,000"
