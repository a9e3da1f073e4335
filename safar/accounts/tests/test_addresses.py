"""Another e-mail address: the old one stays until the link to the new one was used."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from safar.accounts import addresses, members
from safar.accounts.models import AuditEntry, EmailChange, Member
from safar.lib.faults import Refused


@pytest.fixture
def sara(database_url: str, unique: str) -> Member:
    return members.create_member(email=f"sara@{unique}.example", name="Sara")


def test_the_old_address_stays_until_the_link_is_used(sara: Member, unique: str) -> None:
    old, new = sara.email, f"new@{unique}.example"
    token = addresses.ask_for_email(member=sara, email=new.upper(), actor=old)
    sara.refresh_from_db()
    assert sara.email == old
    waiting = addresses.open_change(sara)
    assert waiting is not None
    assert waiting.email == new
    assert token not in str(EmailChange.objects.values())
    assert addresses.confirm_email(token) == sara
    sara.refresh_from_db()
    assert sara.email == new
    assert list(EmailAddress.objects.filter(user=sara).values_list("email", "verified")) == [(new, True)]
    assert addresses.confirm_email(token) is None
    told = (
        AuditEntry.objects.filter(subject=f"member:{sara.pk}").order_by("id").values_list("action", "actor", "details")
    )
    assert list(told)[1:] == [
        ("ask_for_email", old, {"from": old, "to": new}),
        ("confirm_email", old, {"from": old, "to": new}),
    ]


def test_a_link_ends_by_time_by_another_and_by_withdrawal(sara: Member, unique: str) -> None:
    late = timezone.now() + timedelta(hours=addresses.CHANGE_HOURS, seconds=1)
    first = addresses.ask_for_email(member=sara, email=f"first@{unique}.example")
    assert addresses.confirm_email(first, late) is None
    second = addresses.ask_for_email(member=sara, email=f"second@{unique}.example")
    assert addresses.find_email_change(first) is None
    assert addresses.withdraw_email(member=sara)
    assert not addresses.withdraw_email(member=sara)
    assert addresses.confirm_email(second) is None
    assert addresses.open_change(sara) is None


def test_somebody_elses_address_is_never_taken(sara: Member, unique: str) -> None:
    ali = members.create_member(email=f"ali@{unique}.example")
    with pytest.raises(Refused, match="there is a member"):
        addresses.ask_for_email(member=sara, email=ali.email)
    token = addresses.ask_for_email(member=sara, email=f"mina@{unique}.example")
    members.create_member(email=f"mina@{unique}.example")
    assert addresses.confirm_email(token) is None
    sara.refresh_from_db()
    assert sara.email == f"sara@{unique}.example"
