"""E-mail services that are told by their API where to report: once however often, nothing of another's touched, and every no in a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from safar.channels.mail.registering import register_webhook
from safar.channels.mail.service import MailService
from safar.channels.provider import providers
from safar.channels.services.api import AWAY, CHANGED, LOGIN, REFUSED, TAKEN, NotRegistered
from safar.channels.services.own import opened, read_owns, set_service
from safar.channels.tests import sms_server as sms
from safar.channels.tests.settings import SECRET, sending
from safar.channels.tests.sms_server import running_sms
from safar.channels.tests.webhook_server import SPEAKERS, keep
from safar.channels.tokens import report_address
from safar.lib import calls
from safar.outbox.tests.house import Shop

OTHERS = "https://another.example/hook"
ACCOUNTS = {
    "brevo": {"api_key": "good-key"},
    "mailgun": {"api_key": "good-key", "domain": "mail.shop.example", "region": "us", "signing_key": "sign"},
    "mailjet": {"api_key": "account", "secret_key": "good-key"},
    "postmark": {"server_token": "good-key", "stream": "broadcast"},
    "resend": {"api_key": "good-key"},
    "sendgrid": {"api_key": "good-key"},
    "sparkpost": {"api_key": "good-key", "region": "us"},
}
GIVES = {
    "resend": "signing_secret",
    "sendgrid": "verification_key",
}  # what it proves its calls with, told by the service


@pytest.fixture(params=sorted(SPEAKERS))
def key(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(key: str, monkeypatch: pytest.MonkeyPatch, conn: Any) -> Iterator[Any]:
    conn.execute("TRUNCATE service")
    with running_sms(SPEAKERS[key]) as one:
        monkeypatch.setattr(type(providers()[key]), "base", one.url)
        monkeypatch.setattr(calls, "ANSWER_SECONDS", 0.3)
        monkeypatch.setattr("safar.channels.mail.registering.SECONDS", 0.3)
        yield one


@pytest.fixture
def shop(conn: Any) -> Shop:
    return Shop(conn)


def connect(conn: Any, shop: Shop, key: str, **changes: str) -> str:
    """The service is connected; the address that it is to report to."""
    given = {**ACCOUNTS[key], **changes}
    set_service(conn, workspace_id=shop.id, channel="email", provider=key, given=given, keys=[SECRET])
    return report_address(sending(), read_owns(conn, shop.id)["email"])


def register(conn: Any, shop: Shop) -> Any:
    return register_webhook(conn, workspace_id=shop.id, sending=sending())


def test_every_service_with_an_api_for_it_is_here() -> None:
    able = {name for name, kind in providers().items() if isinstance(kind, MailService) and kind.registers}
    assert able == set(SPEAKERS)
    for name in able:
        assert set(providers()[name].registering) == {"en", "fa"}


def test_it_is_told_once_however_often(conn: Any, shop: Shop, key: str, server: Any) -> None:
    address = connect(conn, shop, key)
    assert not register(conn, shop).already
    told = list(server.taken)
    assert {one["address"] for one in told} == {address}
    words = " ".join(str(one["events"]) for one in told).lower()
    assert "bounce" in words or "permanent_fail" in words
    assert "spam" in words or "complain" in words
    assert register(conn, shop).already
    assert server.taken == told
    kept = opened(read_owns(conn, shop.id)["email"], [SECRET])
    assert {name: kept[name] for name in ACCOUNTS[key]} == ACCOUNTS[key]
    if name := GIVES.get(key):
        assert kept[name] == f"whsec_{told[0]['id']}"
    assert report_address(sending(), read_owns(conn, shop.id)["email"]) == address  # what was told holds


def test_anothers_stay_as_they_are(conn: Any, shop: Shop, key: str, server: Any) -> None:
    connect(conn, shop, key)
    keep(server, OTHERS, "bounce" if key == "mailjet" else ["delivered"])
    if key == "mailjet":  # it has one address for each kind of event
        with pytest.raises(NotRegistered) as fault:
            register(conn, shop)
        assert (fault.value.reason, fault.value.said) == (TAKEN, "bounce")
        assert len(server.taken) == 1
    else:
        assert not register(conn, shop).already
        assert server.taken[0]["address"] == OTHERS
        assert len(server.taken) == 2


def test_what_stands_in_the_way_is_said_in_a_word(conn: Any, shop: Shop, key: str, server: Any) -> None:
    secret = next(name for name, value in ACCOUNTS[key].items() if value == "good-key")
    connect(conn, shop, key, **{secret: "wrong"})
    assert why(conn, shop) == LOGIN
    connect(conn, shop, key)
    for says, reason in (
        (sms.TOO_MANY, AWAY),
        (sms.BROKEN, AWAY),
        (sms.CUT_BEFORE, AWAY),
        (sms.CUT_IN_THE_MIDDLE, AWAY),
        (sms.HANG, AWAY),
        (sms.GARBAGE, REFUSED),
        (sms.MOVED, REFUSED),
        ((400, {"message": "no more than 40"}), REFUSED),
    ):
        server.says = [says]
        assert why(conn, shop) == reason, says
    before = opened(read_owns(conn, shop.id)["email"], [SECRET])
    assert {name: before[name] for name in ACCOUNTS[key]} == ACCOUNTS[key]


def test_what_was_changed_while_the_service_was_asked_stays(
    conn: Any, shop: Shop, key: str, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(conn, shop, key)
    secret = next(name for name, value in ACCOUNTS[key].items() if value == "good-key")
    kind = type(providers()[key])
    ask = kind.register

    def ask_slowly(*given: Any) -> Any:
        done = ask(*given)
        connect(conn, shop, key, **{secret: "another-key"})
        return done

    monkeypatch.setattr(kind, "register", ask_slowly)
    assert why(conn, shop) == CHANGED
    assert opened(read_owns(conn, shop.id)["email"], [SECRET])[secret] == "another-key"


def test_who_has_no_such_service_is_told_nothing(conn: Any, shop: Shop) -> None:
    conn.execute("TRUNCATE service")
    assert register(conn, shop) is None


def why(conn: Any, shop: Shop) -> str:
    with pytest.raises(NotRegistered) as fault:
        register(conn, shop)
    return fault.value.reason
