"""What a form has to be, and what is read from what was filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from safar.lib.faults import Refused
from safar.website.form import Consent, Field, Form, check_form
from safar.website.guards import OK, TOO_OLD, TOO_QUICK, Rate, check_shown, sign_shown
from safar.website.submitting import read_given

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
NEWS = Form(key="news", title={"fa": "خبرنامه"}, fields=(Field("email", True), Field("phone"), Field("shoe_size")))


def places(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [fault.place for fault in refused.value.faults]


def test_every_fault_of_a_form_has_its_place() -> None:
    check_form(NEWS)
    bad = Form(
        key="News!", title={}, kind="banner", colour="green", redirect="javascript:alert(1)", scroll=101,
        fields=(Field("Shoe"), Field("first_name"), Field("first_name")), consents=(Consent("email", {"en": "Yes"}), Consent("fax", {"en": "Yes"})),
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        check_form(bad)
    assert places(refused) == [
        "key", "title", "kind", "colour", "redirect", "scroll", "fields.0", "fields.1", "fields.2", "fields", "consents.0", "consents.1",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["homepage", "shown", "language", "page", "anonymous", "consent0", "consent12", "utm_source"])  # fmt: skip
def test_what_is_sent_with_every_form_is_no_name_of_a_field(name: str) -> None:
    with pytest.raises(Refused) as refused:
        check_form(Form(key="news", title={"en": "News"}, fields=(Field("email", True), Field(name))))
    assert places(refused) == ["fields.1"]


def test_what_was_filled_in_is_cleaned_and_what_nobody_asked_for_is_left_out() -> None:
    given = {"email": " Sara@People.example\0", "shoe_size": "38", "user_id": "ali", "vip": "yes"}
    assert read_given(NEWS, given) == {"email": "Sara@People.example", "shoe_size": "38"}


@pytest.mark.parametrize("email", ["", "sara", "sara@", "@people.example", "sa ra@people.example", "sara@people", "sara@.example"])  # fmt: skip
def test_a_bad_address_is_refused_at_its_field(email: str) -> None:
    with pytest.raises(Refused) as refused:
        read_given(NEWS, {"email": email, "phone": "call me"})
    assert places(refused) == ["email", "phone"]


def test_somebody_has_to_be_recognised_by_it() -> None:
    either = Form(key="news", title={"en": "News"}, fields=(Field("email"), Field("phone")))
    assert read_given(either, {"phone": "۰۹۱۲۱۲۳۴۵۶۷"}) == {"phone": "۰۹۱۲۱۲۳۴۵۶۷"}
    with pytest.raises(Refused) as refused:
        read_given(either, {})
    assert places(refused) == ["email"]


def test_the_time_it_took_is_signed() -> None:
    shown = sign_shown("token", NOW, ["new key", "old key"])

    def after(seconds: float, of: str = "token", text: str = shown, keys: tuple[str, ...] = ("new key",)) -> str:
        return check_shown(text, of, NOW + timedelta(seconds=seconds), keys)

    assert after(1) == TOO_QUICK
    assert after(2) == OK
    assert after(90_000) == after(2, of="another") == after(2, text=f"{shown}x") == after(2, text="") == TOO_OLD
    assert after(2, keys=("newer key", "new key")) == OK


def test_one_address_sends_so_many_in_so_long() -> None:
    rate = Rate(most=2, seconds=60)
    assert [rate.takes("10.0.0.1", NOW) for _ in range(3)] == [True, True, False]
    assert rate.takes("10.0.0.2", NOW)
    assert rate.takes("10.0.0.1", NOW + timedelta(seconds=60))
