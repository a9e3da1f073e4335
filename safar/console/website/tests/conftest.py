"""A form that Sara drew, and a clock that is moved by hand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # this file may be loaded before Django is set up
    from safar.accounts.models import Membership
    from safar.console.conftest import Browser
    from safar.website.keeping import Kept


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Moved by hand: the form is handed out at NOW and sent ten seconds later."""
    from safar.console.website.tests.filling import NOW
    from safar.website import taking
    from safar.website.guards import Rate

    at = [NOW]
    monkeypatch.setattr(taking, "now", lambda: at[0])
    monkeypatch.setattr(taking, "rate", Rate())
    return at


@pytest.fixture
def kept(browser: Browser, sara: Membership) -> Kept:
    from safar.console.database import session
    from safar.console.website.tests.filling import DRAWN, address
    from safar.website.keeping import list_forms

    answer = browser(sara, language="en").post(address(sara, "new/"), DRAWN)
    assert answer.status_code == 303, answer.content.decode()
    with session() as conn:
        (found,) = list_forms(conn, sara.workspace_id)
    return found
