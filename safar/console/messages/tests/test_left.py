"""What is left of the SMS account's money: asked beside a page; a figure that nobody has says so and is never 0."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from safar.accounts.models import Membership
from safar.channels.providers.kavenegar import Kavenegar
from safar.channels.services.own import set_service
from safar.channels.tests import sms_server
from safar.channels.tests.sms_server import running_sms, speak_kavenegar
from safar.console.conftest import Browser
from safar.console.database import session


def connect(workspace_id: int, provider: str, **given: str) -> None:
    with session() as conn:
        set_service(
            conn, workspace_id=workspace_id, channel="sms", provider=provider, given=given, keys=[settings.SECRET_KEY]
        )


@pytest.fixture
def kavenegar(monkeypatch: pytest.MonkeyPatch) -> Any:
    with running_sms(speak_kavenegar) as server:
        monkeypatch.setattr(Kavenegar, "base", server.url)
        yield server


def test_it_is_told_in_words_and_never_as_nought(browser: Browser, ali: Membership, kavenegar: Any) -> None:
    url, client = f"/w/{ali.workspace.slug}/messages/left/", browser(ali)
    told = client.get(f"{url}?as=json").json()
    assert (told["known"], "no SMS service" in told["said"]) == (False, True)
    connect(ali.workspace_id, "described", url="https://sms.example/", answers="accepted: status = 200")
    assert "does not tell" in client.get(f"{url}?as=json").json()["said"]
    connect(ali.workspace_id, "kavenegar", key="good-key")
    assert client.get(f"{url}?as=json").json() == {"said": "1,500,000 rials", "known": True}
    assert "1,500,000 rials" in client.get(url).content.decode()
    kavenegar.says = [sms_server.BROKEN]
    told = client.get(f"{url}?as=json").json()
    assert (told["known"], "did not say" in told["said"], "rials" in told["said"]) == (False, True, False)
    connect(ali.workspace_id, "kavenegar", key="wrong")
    page = client.get(url).content.decode()
    assert "403" in page
    assert "wrong" not in page


def test_whoever_only_looks_does_not_ask(browser: Browser, mina: Membership, kavenegar: Any) -> None:
    assert browser(mina).get(f"/w/{mina.workspace.slug}/messages/left/").status_code in (403, 404)
    assert kavenegar.asked == []
