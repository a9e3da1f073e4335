"""UTM parameters go along to the shop's own sites, and never over those that are there."""

from __future__ import annotations

import pytest

from safar.lib.utm import fill_utm, is_own, unknown_words, with_utm

FILLED = {"utm_source": "safar", "utm_campaign": "خوش آمد"}


@pytest.mark.parametrize(
    ("url", "made"),
    [
        ("https://shop.ir", "https://shop.ir?utm_source=safar&utm_campaign=%D8%AE%D9%88%D8%B4+%D8%A2%D9%85%D8%AF"),
        ("https://shop.ir/a?b=1#c", "https://shop.ir/a?b=1&utm_source=safar&utm_campaign=%D8%AE%D9%88%D8%B4+%D8%A2%D9%85%D8%AF#c"),
        ("https://shop.ir/?utm_source=own", "https://shop.ir/?utm_source=own&utm_campaign=%D8%AE%D9%88%D8%B4+%D8%A2%D9%85%D8%AF"),
        ("https://shop.ir/?UTM_Source=own&utm_campaign", "https://shop.ir/?UTM_Source=own&utm_campaign"),
        ("https://[bad/", "https://[bad/"),
    ],
)  # fmt: skip
def test_parameters_are_added(url: str, made: str) -> None:
    assert with_utm(url, FILLED) == made


def test_words_are_filled_and_what_is_empty_is_left_out() -> None:
    values = {
        "utm_source": "safar",
        "utm_medium": "{channel}",
        "utm_campaign": "{journey}-{point}",
        "utm_term": "{variant}",
    }
    assert fill_utm(values, {"channel": "email", "journey": "welcome", "point": "greet", "variant": None}) == {
        "utm_source": "safar",
        "utm_medium": "email",
        "utm_campaign": "welcome-greet",
    }


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://shop.ir/a", True),
        ("https://www.SHOP.ir:8443/", True),
        ("https://notshop.ir/", False),
        ("https://shop.ir.evil.example/", False),
        ("https://shop.ir@evil.example/", False),
        ("https://[bad/", False),
    ],
)
def test_own_sites(url: str, own: bool) -> None:
    assert is_own(url, ["shop.ir"]) is own


def test_words_that_there_are_not() -> None:
    assert unknown_words("{journey}-{contact}") == ["contact"]
