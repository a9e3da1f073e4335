"""Members and their roles: made, let in, moved, sent away. Each service checks, writes, and leaves an audit entry."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from safar.accounts.models import Member, Membership, Role, Workspace
from safar.accounts.services import COMMAND_LINE, record
from safar.lib.faults import Fault, Faults, Refused, said
from safar.lib.text import fold_digits

OWNER_EMAIL = "owner@localhost"  # of a new installation, until its owner writes another


def clean_email(text: str) -> str:
    """The address in small letters. Raises Refused."""
    email = fold_digits(text.strip()).lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused([Fault("email", said("%(value)r is not an e-mail address", value=text.strip()))]) from None
    return email


def check_free(email: str, member: Member | None = None) -> None:
    """Raises Refused where another than `member` has this address."""
    if Member.objects.filter(email=email).exclude(pk=member.pk if member else 0).exists():
        raise Refused([Fault("email", said("there is a member %(email)s already", email=email))])


@transaction.atomic
def create_member(*, email: str, name: str = "", owner: bool = False, actor: str = COMMAND_LINE) -> Member:
    """A new member without a password: a link signs in, and a password can be set afterwards. Raises Refused."""
    email = clean_email(email)
    check_free(email)
    member = Member(email=email, name=name.strip()[:200], owner=owner)
    member.set_unusable_password()
    member.save()
    EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)  # the second step asks for one
    record(None, actor, "create_member", f"member:{member.pk}", {"email": email})
    return member


@transaction.atomic
def find_or_make_owner() -> Member:
    """The installation's owner; a new installation gets one."""
    owner = Member.objects.filter(owner=True, is_active=True).order_by("id").first()
    return owner or create_member(email=OWNER_EMAIL, owner=True)


@transaction.atomic
def update_member(*, member: Member, **changes: str) -> list[str]:
    """Change `name`, `language`; returns the names of what is another now. Raises Refused with every fault.

    Another `email` is asked for and confirmed (``addresses``); at once it is taken only by the owner of a new installation,
    who has none yet.
    """
    faults = Faults()
    if "email" in changes:
        changes["email"] = clean_email(changes["email"])
        if changes["email"] == member.email:
            pass
        elif member.email != OWNER_EMAIL:
            faults.at("email").add(said("another address has to be confirmed first"))
        else:
            check_free(changes["email"], member)
    if len(changes.get("name", "")) > 200 or "\0" in changes.get("name", ""):
        faults.at("name").add(said("has to be at most 200 characters"))
    if changes.get("language", "") not in ("", "en", "fa"):
        faults.at("language").add(said("is none of en, fa"))
    if faults:
        raise Refused(faults)
    changed = [name for name, value in changes.items() if getattr(member, name) != value]
    if changed:
        before = member.email
        for name in changed:
            setattr(member, name, changes[name])
        member.save(update_fields=changed)
        if "email" in changed:
            take_email(member, member.email)
            record(None, before, "update_member", f"member:{member.pk}", {"email": member.email})
    return changed


def take_email(member: Member, email: str) -> None:
    """Write the address where the sign-in and the second step look for it."""
    member.email = email
    member.save(update_fields=["email"])
    EmailAddress.objects.filter(user=member).delete()
    EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)


@transaction.atomic
def forget_second_step(*, member: Member, actor: str = COMMAND_LINE) -> int:
    """For whoever has lost the phone and the recovery codes: how many authenticators went."""
    gone: int = Authenticator.objects.filter(user=member).delete()[0]
    if gone:
        record(None, actor, "forget_second_step", f"member:{member.pk}", {"email": member.email})
    return gone


def workspaces_of(member: Member) -> list[Workspace]:
    """Where the member is at home, by name."""
    known = Workspace.objects.order_by("name", "id")
    if not member.owner:
        known = known.filter(pk__in=Membership.objects.filter(member=member).values("workspace"))
    return list(known)


def find_membership(member: Member, slug: str) -> Membership | None:
    """The member's place in the workspace called `slug`; None for strangers and where there is no such workspace.

    The installation's owner has one everywhere, which is kept nowhere.
    """
    if "\0" in slug:
        return None
    if member.owner:
        workspace = Workspace.objects.filter(slug=slug).first()
        return Membership(workspace=workspace, member=member, role=Role.OWNER) if workspace else None
    return Membership.objects.select_related("workspace").filter(workspace__slug=slug, member=member).first()


@transaction.atomic
def set_role(*, membership: Membership, role: str, by: Membership, actor: str) -> bool:
    """Move a member to another role; False where it is that already. Raises Refused."""
    _check_reach(membership, by, role)
    if membership.role == role:
        return False
    _keep_an_owner(membership)
    told = {"email": membership.member.email, "from": membership.role, "to": role}
    membership.role = role
    membership.save(update_fields=["role"])
    record(membership.workspace, actor, "set_role", f"member:{membership.member_id}", told)
    return True


@transaction.atomic
def remove_member(*, membership: Membership, by: Membership, actor: str) -> None:
    """Send a member away from a workspace; what he made stays. Raises Refused."""
    _check_reach(membership, by, membership.role)
    _keep_an_owner(membership)
    told: dict[str, Any] = {"email": membership.member.email, "role": membership.role}
    record(membership.workspace, actor, "remove_member", f"member:{membership.member_id}", told)
    membership.delete()


def check_role(role: str, by: Membership | None) -> None:
    """Raises Refused for what is no role, or one above the giver's own."""
    if role not in Role.values:
        raise Refused([Fault("role", said("%(value)r is none of %(known)s", value=role, known=", ".join(Role.values)))])
    if by is not None and not Role(by.role).covers(Role(role)):
        raise Refused([Fault("role", said("nobody can give a role above their own"))])


def _check_reach(membership: Membership, by: Membership, role: str) -> None:
    if not Role(by.role).covers(Role(membership.role)):
        raise Refused([Fault("role", said("nobody can change a member above themselves"))])
    check_role(role, by)


def _keep_an_owner(membership: Membership) -> None:
    if membership.role != Role.OWNER:
        return
    # Locked: two owners who send each other away at once would leave none.
    Workspace.objects.select_for_update().get(pk=membership.workspace_id)
    others = Membership.objects.filter(workspace=membership.workspace_id, role=Role.OWNER).exclude(pk=membership.pk)
    if not others.exists():
        raise Refused([Fault("role", said("a workspace keeps one owner at least"))])
