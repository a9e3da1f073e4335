"""Parts of an SMS, by real texts of both languages."""

from __future__ import annotations

import pytest

from safar.content.sms import count, roughly

PERSIAN = "دوست عزیز، سبدتان هنوز اینجاست. تا فردا شب ده درصد ارزان‌تر: shop.example/c لغو۱۱"
ENGLISH = "Hi Sara, your cart is still here. Ten percent off until tomorrow night: shop.example/c STOP to end"


def test_english_of_one_part() -> None:
    found = count(ENGLISH)
    assert (found.alphabet, found.parts, found.odd, found.mixed) == ("gsm7", 1, (), False)
    assert found.room == 160 - len(ENGLISH)


def test_persian_of_two_parts() -> None:
    found = count(PERSIAN)
    assert (found.alphabet, found.parts, found.mixed) == ("ucs2", 2, True)
    assert found.letters == found.used == len(PERSIAN)
    assert found.room == 2 * 67 - len(PERSIAN)


@pytest.mark.parametrize(
    ("text", "alphabet", "used", "parts"),
    [
        ("", "gsm7", 0, 0),
        ("a" * 160, "gsm7", 160, 1),
        ("a" * 161, "gsm7", 161, 2),
        ("a" * 306, "gsm7", 306, 2),
        ("a" * 307, "gsm7", 307, 3),
        ("€" * 80, "gsm7", 160, 1),  # of the extension table: two places each
        ("a" * 152 + "€" + "a" * 152, "gsm7", 306, 3),  # the euro is not torn apart
        ("س" * 70, "ucs2", 70, 1),
        ("س" * 71, "ucs2", 71, 2),
        ("س" * 134, "ucs2", 134, 2),
        ("س" * 135, "ucs2", 135, 3),
        ("🌷" * 35, "ucs2", 70, 1),
        ("س" * 66 + "🌷" + "س" * 66, "ucs2", 134, 3),
        ("a" * 100 + "’", "ucs2", 101, 2),  # one curly quote makes a long message of a short one
    ],
)
def test_where_parts_end(text: str, alphabet: str, used: int, parts: int) -> None:
    found = count(text)
    assert (found.alphabet, found.used, found.parts) == (alphabet, used, parts)


def test_what_makes_it_unicode_is_named() -> None:
    assert count("Sara’s cart — here").odd == ("’", "—")


def test_zero_width_letters_are_paid_for() -> None:
    assert count("می‌خواهم").used == 8


def test_an_estimate_puts_fall_backs_in_the_place_of_variables() -> None:
    given = {"contact.first_name": {"fa": "دوست عزیز", "en": "there"}}
    name = "{{ contact.first_name }}"
    assert roughly(f"سلام {name}، خوبید؟", given, "fa") == count("سلام دوست عزیز، خوبید؟")
    assert roughly('Hi {{ contact.first_name | default: "friend" }}', {}, "en") == count("Hi friend")
    assert roughly("{% if contact.city %}x{% endif %}{{ entry.code }}", given, "en") == count("x" * 9)


def test_scripts_are_mixed_where_they_share_a_line() -> None:
    assert not count("سلام، سبدتان هست\nshop.example/cart\nلغو۱۱").mixed
    assert count("کد CART10 را بزنید").mixed
