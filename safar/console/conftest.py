"""What tests of pages stand on: a shop, its people, and a browser for each of them. Every room of pages has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # this file may be loaded before Django is set up
    from django.test import Client

    from safar.accounts.models import Member, Membership, Workspace

Browser = Callable[..., "Client"]


@pytest.fixture
def shop(database_url: str, unique: str) -> Workspace:
    """A Persian shop: Jalali, Tehran, tomans."""
    from safar.accounts.services import create_workspace

    return create_workspace(
        slug=f"shop-{unique}",
        name="لیوان‌فروشی",
        zone="Asia/Tehran",
        calendar="jalali",
        language="fa",
        currency="IRR",
        currency_unit="IRT",
    )


def _member(shop: Workspace, name: str, role: str) -> Membership:
    from safar.accounts.members import create_member
    from safar.accounts.models import Membership

    member = create_member(email=f"{name}@{shop.slug}.example", name=name.title())
    return Membership.objects.create(workspace=shop, member=member, role=role)


@pytest.fixture
def sara(shop: Workspace) -> Membership:
    """Owner of the shop."""
    return _member(shop, "sara", "owner")


@pytest.fixture
def ali(shop: Workspace) -> Membership:
    """Editor."""
    return _member(shop, "ali", "editor")


@pytest.fixture
def mina(shop: Workspace) -> Membership:
    """Viewer."""
    return _member(shop, "mina", "viewer")


@pytest.fixture
def browser(database_url: str) -> Browser:
    """`browser(sara)`: a client signed in as that member; `browser()`: nobody's. language: of the pages, "en"."""
    from django.test import Client

    from safar.accounts.models import Membership

    def open_one(who: Membership | Member | None = None, *, language: str = "en", **more: Any) -> Client:
        client = Client(headers={"host": "localhost", "accept-language": language}, **more)
        if who is not None:
            client.force_login(who.member if isinstance(who, Membership) else who)
        return client

    return open_one
