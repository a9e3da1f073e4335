"""The shelf of ready-made journeys through the front door."""

from __future__ import annotations

import json

from safar.cli.failures import WRONG_INPUT


def test_the_shelf_is_listed_in_both_languages(safar) -> None:
    assert "abandoned-cart" in safar("journey", "ready-made")[1]
    found = json.loads(safar("journey", "ready-made", "--language", "fa", "--json")[1])
    assert found[0]["title"] == "خوش‌آمدگویی"
    assert len(found) == 12


def test_one_becomes_a_draft_and_stays_what_it_became(safar) -> None:
    assert safar("workspace", "create", "shop", "--zone", "Asia/Tehran", "--language", "fa")[0] == 0
    code, _, err = safar("journey", "ready-made", "birthday", "--site", "fenjan.example")
    assert code == 0
    assert "birthday is a draft now" in err
    assert "BDAY20" in err
    assert "is there already" in safar("journey", "ready-made", "birthday", "--site", "fenjan.example")[2]
    again = json.loads(safar("journey", "ready-made", "birthday", "--both", "--json")[1])
    assert again["journey"] == "birthday-2"
    assert again["templates"]["birthday-gift"] == "birthday-gift-2"
    assert [each["key"] for each in json.loads(safar("journey", "list", "--json")[1])] == ["birthday", "birthday-2"]
    assert safar("journey", "publish", "birthday")[0] == 0


def test_what_is_not_on_the_shelf(safar) -> None:
    assert safar("workspace", "create", "shop")[0] == 0
    code, _, err = safar("journey", "ready-made", "wellcome")
    assert code == WRONG_INPUT
    assert "did you mean 'welcome'?" in err
