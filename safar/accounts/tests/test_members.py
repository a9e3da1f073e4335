"""Members, roles, one-time links, invitations. Sara owns the shop, Ali and Mina come later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from safar.accounts import links, members
from safar.accounts.models import AuditEntry, Member, Membership, Role, Workspace
from safar.accounts.services import create_workspace
from safar.lib.faults import Refused

NOW = datetime(2027, 3, 21, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=links.SIGN_IN_MINUTES, seconds=1)


@pytest.fixture
def shop(database_url: str, unique: str) -> Workspace:
    return create_workspace(slug=f"shop-{unique}", name="Mug shop")


@pytest.fixture
def sara(shop: Workspace, unique: str) -> Membership:
    member = members.create_member(email=f"Sara-{unique}@Shop.example", name="Sara")
    return Membership.objects.create(workspace=shop, member=member, role=Role.OWNER)


def test_an_address_is_known_in_small_letters(sara: Membership) -> None:
    assert sara.member.email == sara.member.email.lower()
    with pytest.raises(Refused, match="already"):
        members.create_member(email=sara.member.email.upper())
    with pytest.raises(Refused, match="not an e-mail"):
        members.create_member(email="sara")


def test_roles_cover_what_is_below_them() -> None:
    assert Role.OWNER.covers(Role.ADMIN)
    assert Role.EDITOR.covers(Role.EDITOR)
    assert not Role.ANALYST.covers(Role.EDITOR)


def test_a_link_signs_in_once_and_not_after_its_time(sara: Membership) -> None:
    token = links.create_sign_in_link(member=sara.member, now=NOW)
    assert links.find_sign_in_link(token, NOW) is not None  # looking uses nothing up
    assert links.use_sign_in_link(token, LATER) is None
    assert links.use_sign_in_link(token, NOW) == sara.member
    assert links.use_sign_in_link(token, NOW) is None
    assert links.use_sign_in_link("nothing", NOW) is None
    assert token not in str(list(AuditEntry.objects.values()))


def test_whoever_may_not_sign_in_has_no_link(sara: Membership) -> None:
    token = links.create_sign_in_link(member=sara.member, now=NOW)
    Member.objects.filter(pk=sara.member.pk).update(is_active=False)
    assert links.use_sign_in_link(token, NOW) is None


def test_an_invitation_makes_a_member(shop: Workspace, sara: Membership, unique: str) -> None:
    token = links.invite(workspace=shop, email=f"ali-{unique}@shop.example", role="editor", by=sara, now=NOW)
    ali = links.accept_invitation(token=token, member=None, now=NOW)
    assert ali is not None
    assert members.workspaces_of(ali) == [shop]
    found = members.find_membership(ali, shop.slug)
    assert found is not None
    assert found.role == Role.EDITOR
    assert links.accept_invitation(token=token, member=ali, now=NOW) is None


def test_an_invitation_never_opens_an_account_that_is_there(shop: Workspace, sara: Membership, unique: str) -> None:
    mina = members.create_member(email=f"mina-{unique}@shop.example")
    token = links.invite(workspace=shop, email=mina.email, role="viewer", by=sara, now=NOW)
    assert links.accept_invitation(token=token, member=None, now=NOW) is None
    assert links.accept_invitation(token=token, member=sara.member, now=NOW) is None
    assert links.accept_invitation(token=token, member=mina, now=NOW) == mina


def test_a_newer_invitation_replaces_the_older_and_both_end(shop: Workspace, sara: Membership, unique: str) -> None:
    email = f"ali-{unique}@shop.example"
    first = links.invite(workspace=shop, email=email, role="viewer", by=sara, now=NOW)
    second = links.invite(workspace=shop, email=email, role="viewer", by=sara, now=NOW)
    assert links.find_invitation(first, NOW) is None
    assert links.find_invitation(second, NOW + timedelta(days=8)) is None
    found = links.find_invitation(second, NOW)
    assert found is not None
    assert links.withdraw_invitation(invitation=found, actor="Sara")
    assert links.find_invitation(second, NOW) is None
    assert not links.withdraw_invitation(invitation=found, actor="Sara")


def test_nobody_gives_or_takes_above_themselves(shop: Workspace, sara: Membership, unique: str) -> None:
    ali = members.create_member(email=f"ali-{unique}@shop.example")
    admin = Membership.objects.create(workspace=shop, member=ali, role=Role.ADMIN)
    with pytest.raises(Refused, match="above"):
        links.invite(workspace=shop, email="x@shop.example", role="owner", by=admin)
    with pytest.raises(Refused, match="above"):
        members.set_role(membership=sara, role="viewer", by=admin, actor="Ali")
    with pytest.raises(Refused, match="above"):
        members.remove_member(membership=sara, by=admin, actor="Ali")
    assert members.set_role(membership=admin, role="editor", by=sara, actor="Sara")


def test_a_workspace_keeps_an_owner(sara: Membership) -> None:
    with pytest.raises(Refused, match="one owner"):
        members.set_role(membership=sara, role="viewer", by=sara, actor="Sara")
    with pytest.raises(Refused, match="one owner"):
        members.remove_member(membership=sara, by=sara, actor="Sara")


def test_the_installations_owner_is_at_home_everywhere(shop: Workspace, own_database_url: str) -> None:
    owner = members.find_or_make_owner()
    assert members.find_or_make_owner() == owner
    other = create_workspace(slug="other", name="Other")
    found = members.find_membership(owner, other.slug)
    assert found is not None
    assert found.role == Role.OWNER
    assert members.find_membership(owner, "nowhere") is None
    assert members.find_membership(owner, "a\0b") is None


def test_a_member_changes_what_is_theirs(sara: Membership, unique: str) -> None:
    assert members.update_member(member=sara.member, language="fa", name="Sara") == ["language"]
    with pytest.raises(Refused, match="confirmed first"):
        members.update_member(member=sara.member, email=f"s-{unique}@shop.example")
    with pytest.raises(Refused) as refused:
        members.update_member(member=sara.member, email="no", language="fa")
    assert [fault.place for fault in refused.value.faults] == ["email"]
    with pytest.raises(Refused, match="none of"):
        members.update_member(member=sara.member, language="tlh")
