"""Links that let somebody in: one that signs a member in, once, and invitations to a workspace.

Only hashes are kept. A link is looked at by GET and used by POST, so that a preview of it in a chat does not use it up.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from safar.accounts.keys import key_hash
from safar.accounts.members import check_role, clean_email, create_member
from safar.accounts.models import Invitation, Member, Membership, Role, SignInLink, Workspace
from safar.accounts.services import COMMAND_LINE, record
from safar.lib.faults import Fault, Refused, said

SIGN_IN_MINUTES = 15
INVITATION_DAYS = 7


@transaction.atomic
def create_sign_in_link(*, member: Member, now: datetime | None = None, actor: str = COMMAND_LINE) -> str:
    """A token that signs the member in once, within SIGN_IN_MINUTES. Kept as a hash: this is the one time it is seen."""
    now = now or timezone.now()
    SignInLink.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    token = secrets.token_urlsafe(24)
    SignInLink.objects.create(member=member, hash=key_hash(token), expires_at=now + timedelta(minutes=SIGN_IN_MINUTES))
    record(None, actor, "create_sign_in_link", f"member:{member.pk}", {"email": member.email})
    return token


def find_sign_in_link(token: str, now: datetime | None = None) -> SignInLink | None:
    """The link with this token while it can be used. Changes nothing."""
    return (
        SignInLink.objects.select_related("member")
        .filter(hash=key_hash(token), used_at=None, expires_at__gt=now or timezone.now(), member__is_active=True)
        .first()
    )


@transaction.atomic
def use_sign_in_link(token: str, now: datetime | None = None) -> Member | None:
    """Whom the link signs in; None where it is unknown, used or too old. Of two who use it at once, one gets in."""
    now = now or timezone.now()
    link = find_sign_in_link(token, now)
    if link is None or not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        return None
    record(None, link.member.email, "use_sign_in_link", f"member:{link.member_id}")
    return link.member


@transaction.atomic
def invite(
    *,
    workspace: Workspace,
    email: str,
    role: str,
    by: Membership | None = None,
    actor: str = COMMAND_LINE,
    now: datetime | None = None,
) -> str:
    """The token of a new invitation, good for INVITATION_DAYS; an open one to the same address is replaced.

    by: whoever gives the role, None for the command line. Raises Refused.
    """
    now = now or timezone.now()
    email = clean_email(email)
    check_role(role, by)
    Workspace.objects.select_for_update().get(pk=workspace.pk)  # two at once would both find no open one
    if Membership.objects.filter(workspace=workspace, member__email=email).exists():
        raise Refused([Fault("email", said("%(email)s is a member already", email=email))])
    Invitation.objects.filter(workspace=workspace, email=email, closed_at=None).update(closed_at=now)
    token = secrets.token_urlsafe(24)
    made = Invitation.objects.create(
        workspace=workspace,
        email=email,
        role=role,
        hash=key_hash(token),
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    record(workspace, actor, "invite", f"invitation:{made.pk}", {"email": email, "role": role})
    return token


def find_invitation(token: str, now: datetime | None = None) -> Invitation | None:
    """The invitation with this token while it can be accepted. Changes nothing."""
    return (
        Invitation.objects.select_related("workspace")
        .filter(hash=key_hash(token), closed_at=None, expires_at__gt=now or timezone.now())
        .first()
    )


@transaction.atomic
def accept_invitation(*, token: str, member: Member | None, now: datetime | None = None) -> Member | None:
    """Makes the invited person a member; None where the invitation is gone, or is another's.

    member: who is signed in. Without one the invited address must be new here: a link that somebody else may have seen,
    such as whoever invited, never opens an account that is there already.
    """
    now = now or timezone.now()
    invitation = find_invitation(token, now)
    if invitation is None or (member is not None and member.email != invitation.email):
        return None
    if member is None:
        if Member.objects.filter(email=invitation.email).exists():
            return None
        member = create_member(email=invitation.email, actor=invitation.email)
    if not Invitation.objects.filter(pk=invitation.pk, closed_at=None).update(closed_at=now):
        return None
    Membership.objects.get_or_create(
        workspace=invitation.workspace, member=member, defaults={"role": Role(invitation.role)}
    )
    told = {"email": member.email, "role": invitation.role}
    record(invitation.workspace, member.email, "accept_invitation", f"member:{member.pk}", told)
    return member


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, actor: str) -> bool:
    """End an invitation; False where it was accepted or withdrawn before."""
    done = Invitation.objects.filter(pk=invitation.pk, closed_at=None).update(closed_at=timezone.now())
    if done:
        record(
            invitation.workspace,
            actor,
            "withdraw_invitation",
            f"invitation:{invitation.pk}",
            {"email": invitation.email},
        )
    return bool(done)
