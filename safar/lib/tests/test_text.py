"""Folding and the stable hash, and their twins in SQL."""

from __future__ import annotations

import random
import unicodedata

import psycopg
import pytest

from safar.lib.hashing import share
from safar.lib.sqlfile import load_sql
from safar.lib.text import fold, fold_digits

TRICKY = (
    "abcXYZ 019.,-%_\\'\"\t\n"
    "يكىڪیکئۓےۀهٔةأإآاٱؤ٠١٩۰۱۹ـ‌‍َّ\u0654\u0653"  # Arabic and Persian letters, tatweel, joiners, marks
    "ﻱﻲﻳﻴﯼﯽﮎﮏﻙﻚﻻﷲﷺ"  # joined forms and ligatures
    "ＡＢ１２（）％　½²③ﬁﬀ™℡Åéé\u0301\u0323ßİıſKΩ"  # wide, circled, ligatures, combining
    "가각ᄀ\u1161\u11a8नि०१\u00a0\u2003\u202f\u2028😀👩‍👧𝟘𝒜\U0001f1ee\U0001f1f7"
)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("", ""),
        ("Tehran", "Tehran"),
        ("كرج", "کرج"),
        ("علي", "علی"),
        ("على", "علی"),
        ("شيرازی ۱۲٣", "شیرازی 123"),
        ("ﻋﻠﻲ", "علی"),
        ("ＡＢＣ １２３", "ABC 123"),
        ("رئیس", "رئیس"),
        ("e\u0301", "é"),
        ("می‌روم", "می‌روم"),
        ("TEHRAN", "TEHRAN"),
    ],
)
def test_folding(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_digits_alone() -> None:
    assert fold_digits("۱٢3 كي") == "123 كي"


def texts(seed: int, count: int) -> list[str]:
    chance = random.Random(seed)
    known = [chr(c) for c in range(1, 0x2FA20) if unicodedata.category(chr(c)) not in ("Cn", "Cs", "Co")]
    made = ["".join(chance.choice(TRICKY) for _ in range(chance.randint(0, 12))) for _ in range(count)]
    return made + ["".join(chance.choice(known) for _ in range(8)) for _ in range(count)] + known[::7]


def test_sql_folds_as_python_does_and_folding_twice_changes_nothing(empty_database_url: str) -> None:
    tried = texts(3, 3000)
    with psycopg.connect(empty_database_url) as conn:
        conn.execute(load_sql("safar.postgres", "functions"))
        rows = conn.execute(
            "SELECT safar_fold(t), safar_share(t) FROM unnest(%s::text[]) WITH ORDINALITY u (t, n) ORDER BY n", (tried,)
        ).fetchall()
    for typed, (folded, shared) in zip(tried, rows, strict=True):
        assert folded == fold(typed), ascii(typed)
        assert fold(folded) == folded, ascii(typed)
        assert shared == share(typed)


@pytest.mark.parametrize(("text", "expected"), [("", 0xD41D8CD9), ("abc", 0x90015098), ("سفر", 0x474FEFA3)])
def test_share_is_what_the_page_says(text: str, expected: int) -> None:
    assert share(text) == pytest.approx(expected / 2**32, abs=1e-12)
    assert 0 <= share(text) < 1
