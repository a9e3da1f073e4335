"""What e-mail services call in: proved, understood, written down once, whatever comes twice, late, forged or in a strange form."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import Client, override_settings

from safar.channels.mail import signed_calls
from safar.channels.mail.events import BOUNCED, MailEvent
from safar.channels.mail.reporting import note_mail
from safar.channels.provider import Accepted, Line, Parcel, Provider, providers
from safar.channels.reports import hearing
from safar.channels.services.own import read_owns, set_service
from safar.channels.tests.mail_calls import CALLS, SETTINGS, clicked_at_postmark, opened_at_postmark
from safar.channels.tests.own import dispatcher_with
from safar.channels.tests.settings import SECRET, sending
from safar.channels.tokens import report_token
from safar.lib.calls import Answered, Call, Caller, NotConnected
from safar.outbox.tests.house import NOON, Shop

DAY = timedelta(days=1)
SNS = "https://sns.eu-central-1.amazonaws.com"
SNS_KEY = rsa.generate_private_key(65537, 2048)
GET = signed_calls._get


class _Accepts(Line):
    def hand_over(self, parcel: Parcel) -> Any:
        return Accepted("1")


def wrapped(body: bytes, kind: str = "Notification", **changes: str) -> tuple[bytes, dict[str, str]]:
    """As SNS wraps and signs it."""
    message = {
        "Type": kind,
        "MessageId": "m-1",
        "TopicArn": "arn:aws:sns:eu-central-1:1:safar",
        "Message": body.decode(),
        "Timestamp": "2026-03-21T12:00:00.000Z",
        "SignatureVersion": "2",
        "SigningCertURL": f"{SNS}/SimpleNotificationService-1.pem",
        **({"SubscribeURL": f"{SNS}/?Action=ConfirmSubscription", "Token": "t"} if kind != "Notification" else {}),
    }
    names = sorted({"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"} & set(message))
    signed = "".join(f"{name}\n{message[name]}\n" for name in names).encode()
    message["Signature"] = base64.b64encode(SNS_KEY.sign(signed, padding.PKCS1v15(), SHA256())).decode()
    message |= changes
    return json.dumps(message).encode(), {"x-amz-sns-message-type": kind, "x-amz-sns-message-id": "m-1"}


@pytest.fixture
def amazon(monkeypatch):
    """Amazon's certificate and its addresses; the addresses that were asked for."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(SNS_KEY.public_key())
    made = (
        made.serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
    )
    pem = made.sign(SNS_KEY, SHA256()).public_bytes(Encoding.PEM)
    asked: list[str] = []

    def get(url: str) -> bytes:
        asked.append(url)
        return pem

    monkeypatch.setattr(signed_calls, "_get", get)
    signed_calls._read_certificate.cache_clear()
    yield asked
    signed_calls._read_certificate.cache_clear()


@dataclass
class Told:
    """A shop with a service, and a hand that calls as the service does."""

    shop: Shop
    key: str
    dispatcher: Any
    conn: Any
    people: list[Any] = field(default_factory=list)

    def send(self, person: Any, at: datetime = NOON, point: int = 0) -> dict[str, Any]:
        self.shop.decide(person, at=at, point=point)
        self.dispatcher.run_once(at)
        return self.conn.execute(
            "SELECT * FROM message WHERE contact_id = %s ORDER BY id DESC LIMIT 1", (person.id,)
        ).fetchone()

    def mark(self, person: Any, point: int = 0) -> str:
        sql = "SELECT message_id_header FROM message WHERE contact_id = %s AND point = %s"
        return self.conn.execute(sql, (person.id, point)).fetchone()[0].strip("<>")

    def made(self, kind: str, person: Any, point: int = 0) -> tuple[bytes, dict[str, str]]:
        body, headers = CALLS[self.key](kind, self.mark(person, point), person.email)
        return wrapped(body) if self.key == "amazon_ses" else (body, headers)

    def call(self, body: bytes, headers: dict[str, str], *, token: str = "") -> int:
        token = token or report_token(self.shop.id, "email", self.key, SECRET)
        client = Client(SERVER_NAME="localhost", raise_request_exception=True)
        return client.post(
            f"/reports/email/{token}", body, content_type="application/json", headers=headers
        ).status_code

    def tell(self, kind: str, person: Any, point: int = 0) -> int:
        return self.call(*self.made(kind, person, point))

    def suppressed(self) -> dict[str, str]:
        rows = self.conn.execute("SELECT address, reason FROM suppression WHERE workspace_id = %s", (self.shop.id,))
        return dict(rows.fetchall())

    def names(self) -> list[tuple[str, Any]]:
        return [(name, properties.get("bounce") or properties.get("reason")) for name, properties in self.shop.events()]


@pytest.fixture
def house(shop, conn, database_url, monkeypatch, amazon):
    """key → Told."""
    dispatchers = []

    def begin(key: str) -> Told:
        conn.execute("TRUNCATE service")
        kinds = dict(providers())
        set_service(
            conn, workspace_id=shop.id, channel="email", provider=key, given=SETTINGS[key], keys=[SECRET], kinds=kinds
        )
        monkeypatch.setattr(type(kinds[key]), "open_own", lambda *_: _Accepts())
        one = dispatcher_with(database_url, kinds)
        dispatchers.append(one)
        return Told(shop, key, one, conn)

    monkeypatch.setattr(hearing, "_sending", sending)
    with override_settings(ROOT_URLCONF="safar.channels.urls"):
        yield begin
    for one in dispatchers:
        one.close()


@pytest.mark.parametrize("key", list(CALLS))
def test_what_becomes_of_a_message(house, key):
    told = house(key)
    sara, ali, mina = people = [told.shop.person(name) for name in ("Sara", "Ali", "Mina")]
    for person in people:
        told.send(person)
    told.conn.execute("TRUNCATE inbox")
    for _ in range(2):  # every service repeats itself
        assert told.tell("delivered", sara) == 200
        assert told.tell("hard", ali) == 200
        assert told.tell("delivered", mina) == 200
        assert told.tell("complaint", mina) == 200
    messages = {person.email: told.shop.message(person) for person in people}
    assert messages[sara.email]["delivered_at"] is not None
    assert (messages[ali.email]["undelivered"], messages[ali.email]["delivered_at"]) == ("hard_bounce", None)
    assert messages[mina.email]["delivered_at"] is not None
    assert told.suppressed() == {ali.email: "bounced", mina.email: "complained"}
    assert sorted(told.names(), key=str) == sorted(
        [
            ("message_delivered", None),
            ("message_bounced", "hard"),
            ("message_delivered", None),
            ("message_complained", None),
        ],
        key=str,
    )
    told.send(ali, point=1)  # the very next message already meets it at the gate
    sql = "SELECT state, reason FROM message WHERE contact_id = %s AND point = 1"
    assert told.conn.execute(sql, (ali.id,)).fetchone() == ("skipped", "suppressed")


@pytest.mark.parametrize("key", [key for key in CALLS if key not in ("mailgun",)])
def test_a_soft_bounce_alone_suppresses_nobody(house, key):
    told = house(key)
    sara = told.shop.person("Sara")
    told.send(sara)
    assert told.tell("soft", sara) == 200
    assert told.suppressed() == {}
    assert told.names()[-1] == ("message_bounced", "soft")


@pytest.mark.parametrize("key", [key for key in CALLS if key not in ("resend", "amazon_ses")])
def test_unsubscribing_at_the_service_is_unsubscribing_here(house, key):
    told = house(key)
    sara = told.shop.person("Sara")
    told.send(sara)
    assert told.tell("unsubscribed", sara) == 200
    assert told.tell("unsubscribed", sara) == 200
    assert told.suppressed() == {sara.email: "unsubscribed"}
    sql = "SELECT consent FROM inbox WHERE contact_id = %s AND name = 'unsubscribed'"
    assert {"email": "withdrawn"} in [row[0] for row in told.conn.execute(sql, (sara.id,)).fetchall()]


def test_openings_and_clicks_that_a_service_has_seen(house, conn):
    told = house("postmark")
    sara = told.shop.person("Sara")
    told.send(sara)
    conn.execute("TRUNCATE inbox")
    person, machine = "Mozilla/5.0 (iPhone) AppleWebKit/605 Safari/604", "Barracuda Sentinel scanner"
    mark, shop = told.mark(sara), "https://shop.example/?a=1"
    for _ in range(2):  # told twice it is one
        assert told.call(*opened_at_postmark(mark, sara.email, person)) == 200
        assert told.call(*clicked_at_postmark(mark, sara.email, person, shop)) == 200
        assert told.call(*clicked_at_postmark(mark, sara.email, machine, shop)) == 200
    for strange in ("https://safar.example/c/abc", "javascript:alert(1)", "", "https://x.example/" + "y" * 5000):
        assert told.call(*clicked_at_postmark(mark, sara.email, person, strange)) == 200
    found = [(name, properties.get("url"), properties.get("machine")) for name, properties in told.shop.events()]
    assert found == [
        ("email_opened", None, None),
        ("email_clicked", shop, None),
        ("email_clicked_by_machine", shop, True),
    ]
    assert told.shop.message(sara)["clicked_at"] is not None


def test_three_soft_bounces_within_fourteen_days(house, conn):
    told = house("postmark")
    own = read_owns(conn, told.shop.id)["email"]
    sara, ali = told.shop.person("Sara"), told.shop.person("Ali")

    def bounce(person, point, at):
        message = told.send(person, point=point)
        sql = "SELECT bucket, id, message_id_header FROM message WHERE contact_id = %s AND point = %s"
        bucket, id, header = conn.execute(sql, (person.id, point)).fetchone()
        assert message is not None
        event = MailEvent(BOUNCED, bucket, id, header, hard=False, reason="soft_bounce")
        assert note_mail(conn, event, own=own, now=at)
        assert not note_mail(conn, event, own=own, now=at)  # told twice it is one

    for point, days in enumerate((0, 5, 13)):
        assert told.suppressed() == {}
        bounce(sara, point, NOON + days * DAY)
    assert told.suppressed() == {sara.email: "bounced"}
    for point, days in enumerate((0, 7, 15, 23)):  # never three within fourteen
        bounce(ali, point, NOON + days * DAY)
    assert told.suppressed() == {sara.email: "bounced"}


def test_what_came_back_after_it_was_delivered_did_not_arrive(house):
    told = house("postmark")
    sara = told.shop.person("Sara")
    told.send(sara)
    for kind in ("delivered", "hard", "delivered"):
        assert told.tell(kind, sara) == 200
    message = told.shop.message(sara)
    assert (message["delivered_at"], message["undelivered"]) == (None, "hard_bounce")
    assert told.names()[1:] == [("message_delivered", None), ("message_bounced", "hard")]


@pytest.mark.parametrize("key", list(CALLS))
def test_calls_that_are_not_the_services(house, key, conn):
    told = house(key)
    sara = told.shop.person("Sara")
    told.send(sara)
    body, headers = told.made("hard", sara)
    token = report_token(told.shop.id, "email", key, SECRET)
    for wrong in (
        token[:-1],
        token + "x",
        "1-x",
        "x",
        f"{told.shop.id}-",
        f"{told.shop.id + 1}-{token.partition('-')[2]}",
        "9" * 30,
    ):
        assert told.call(body, headers, token=wrong) == 404, wrong
    assert told.call(body, headers, token=report_token(told.shop.id, "sms", key, SECRET)) == 404
    if key in ("amazon_ses", "mailgun", "resend", "sendgrid"):
        forged = (
            body.replace(b"token", b"t0ken")
            if key == "mailgun"
            else body.replace(b"2026", b"2025").replace(b"1774094400", b"1774094401")
        )
        assert forged != body
        assert told.call(forged, headers) == 404
    if key in ("resend", "sendgrid"):  # of the others the signature stands in the body
        assert told.call(body, {}) == 404
    assert told.suppressed() == {}


@pytest.mark.parametrize("key", list(CALLS))
def test_bodies_that_make_no_sense_harm_nothing(house, key):
    told = house(key)
    sara = told.shop.person("Sara")
    told.send(sara)
    for body in (
        b"",
        b"null",
        b"[]",
        b"{}",
        b"[1]",
        b'[{"event": 1}]',
        b"\xff\xfe",
        b"[" * 5000,
        b'{"a": ' * 3000,
        b'"x"',
        b"x=1&y=2",
    ):
        assert told.call(body, {}) in (200, 400, 404), body[:20]
    assert told.suppressed() == {}
    client = Client(SERVER_NAME="localhost")
    address = f"/reports/email/{report_token(told.shop.id, 'email', key, SECRET)}"
    assert [getattr(client, way)(address).status_code for way in ("get", "head", "put")] == [200, 200, 405]


def test_the_empty_call_by_which_a_service_tries_the_address_is_heard(house):
    told = house("sparkpost")
    assert told.call(b'[{"msys": {}}]', {}) == 200


@pytest.mark.parametrize(
    "mark",
    ["", "x", "safar.1-1.0123456789abcdef@other.example", "safar.9999-1.0123456789abcdef@shop.example", "safar.1-1"],
)
def test_events_of_other_messages_are_nothing_to_us(house, mark):
    told = house("brevo")
    body, headers = CALLS["brevo"]("hard", mark, "sara@people.example")
    assert told.call(body, headers) == 200
    assert told.suppressed() == {}


def test_a_message_of_another_installation_with_the_same_number(house):
    told = house("brevo")
    sara = told.shop.person("Sara")
    told.send(sara)
    number = told.mark(sara).split(".")[1]
    assert told.call(*CALLS["brevo"]("hard", f"safar.{number}.0000000000000000@shop.example", sara.email)) == 200
    assert told.suppressed() == {}


def test_a_report_proves_a_message_in_doubt(house, conn):
    told = house("postmark")
    sara = told.shop.person("Sara")
    told.send(sara)
    conn.execute("UPDATE message SET state = 'in_doubt', accepted_at = NULL, settled_at = NULL")
    assert told.tell("complaint", sara) == 200
    assert told.shop.message(sara)["state"] == "accepted"


def test_sns_asks_to_be_confirmed_by_an_address_of_amazons_alone(house, amazon):
    told = house("amazon_ses")
    assert told.call(*wrapped(b"You have chosen to subscribe", "SubscriptionConfirmation")) == 200
    assert amazon[-1] == f"{SNS}/?Action=ConfirmSubscription"
    del amazon[:]
    for url in (
        "https://evil.example/SimpleNotificationService.pem",
        "http://sns.eu-central-1.amazonaws.com/x.pem",
        "https://sns.eu-central-1.amazonaws.com@evil.example/x.pem",
        "https://sns.eu-central-1.amazonaws.com.evil.example/x.pem",
        "https://evil.example/sns.eu-central-1.amazonaws.com",
    ):
        assert told.call(*wrapped(b"{}", SigningCertURL=url)) == 404, url
    assert amazon == []


@pytest.mark.parametrize("answer", [NotConnected("no route"), Answered(500, {}, b""), Answered(403, {}, b"")])
def test_what_amazon_cannot_prove_just_now_is_told_once_more(house, monkeypatch, answer):
    """SNS tries again what is answered with 5xx, and nothing else: a complaint is not to be lost for a certificate."""

    class Amazon(Caller):
        def call(self, call: Call) -> Answered:
            if isinstance(answer, Exception):
                raise answer
            return answer

    told = house("amazon_ses")
    monkeypatch.setattr(signed_calls, "_get", GET)
    monkeypatch.setattr(signed_calls, "Caller", Amazon)
    signed_calls._read_certificate.cache_clear()
    assert told.call(*wrapped(b"{}")) == 503


@pytest.mark.parametrize(
    ("key", "name"), [("resend", "signing_secret"), ("sendgrid", "verification_key"), ("mailgun", "signing_key")]
)
def test_without_the_secret_nothing_is_believed(house, key, name, conn):
    told = house(key)
    sara = told.shop.person("Sara")
    told.send(sara)
    made = told.made("hard", sara)
    conn.execute("DELETE FROM service")
    given = {**SETTINGS[key], name: ""}
    set_service(conn, workspace_id=told.shop.id, channel="email", provider=key, given=given, keys=[SECRET])
    assert told.call(*made) == 404
    assert told.suppressed() == {}


def test_the_provider_of_the_base_hears_nothing():
    assert Provider.hears is False
