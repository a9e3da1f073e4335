"""Another e-mail address of a member: asked for, and taken once the link that went to the new address was used.

Until then the old one stays and signs in. Only the hash of a link is kept.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from safar.accounts.keys import key_hash
from safar.accounts.members import check_free, clean_email, take_email
from safar.accounts.models import EmailChange, Member
from safar.accounts.services import COMMAND_LINE, record
from safar.lib.faults import Refused

CHANGE_HOURS = 24


@transaction.atomic
def ask_for_email(*, member: Member, email: str, actor: str = COMMAND_LINE, now: datetime | None = None) -> str:
    """The token of a link to the new address, good for CHANGE_HOURS; an open one is replaced. Raises Refused."""
    now = now or timezone.now()
    email = clean_email(email)
    check_free(email, member)
    Member.objects.select_for_update().get(pk=member.pk)  # two at once would both find no open one
    EmailChange.objects.filter(member=member, closed_at=None).update(closed_at=now)
    token = secrets.token_urlsafe(24)
    EmailChange.objects.create(
        member=member, email=email, hash=key_hash(token), expires_at=now + timedelta(hours=CHANGE_HOURS)
    )
    record(None, actor, "ask_for_email", f"member:{member.pk}", {"from": member.email, "to": email})
    return token


def find_email_change(token: str, now: datetime | None = None) -> EmailChange | None:
    """The change with this token while it can be confirmed. Changes nothing."""
    return (
        EmailChange.objects.select_related("member")
        .filter(hash=key_hash(token), closed_at=None, expires_at__gt=now or timezone.now(), member__is_active=True)
        .first()
    )


def open_change(member: Member, now: datetime | None = None) -> EmailChange | None:
    """The change that waits for its link to be used."""
    return EmailChange.objects.filter(member=member, closed_at=None, expires_at__gt=now or timezone.now()).first()


def confirm_email(token: str, now: datetime | None = None) -> Member | None:
    """Gives the member the address; None where the link is unknown, used, too old, or the address is somebody else's by now."""
    now = now or timezone.now()
    try:
        with transaction.atomic():
            change = find_email_change(token, now)
            if change is None or not EmailChange.objects.filter(pk=change.pk, closed_at=None).update(closed_at=now):
                return None
            before = change.member.email
            check_free(change.email, change.member)
            take_email(change.member, change.email)
            told = {"from": before, "to": change.email}
            record(None, before, "confirm_email", f"member:{change.member_id}", told)
            return change.member
    except (Refused, IntegrityError):  # somebody was made a member by this address meanwhile
        return None


@transaction.atomic
def withdraw_email(*, member: Member) -> bool:
    """The old address stays. False where nothing was asked for."""
    done = EmailChange.objects.filter(member=member, closed_at=None).update(closed_at=timezone.now())
    if done:
        record(None, member.email, "withdraw_email", f"member:{member.pk}")
    return bool(done)
