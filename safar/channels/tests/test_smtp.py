"""SMTP against a real server: every phase refused softly and for good, cut off, and silent; login, reuse, long silence."""

from __future__ import annotations

import pytest

from safar.channels.mail import smtp_line as smtp
from safar.channels.mail.smtp_line import Server, SmtpLine, read_url
from safar.channels.mail.smtp_replies import Reply, classify
from safar.channels.provider import Accepted, AccountRefused, NotNow, Own, Refused, Unanswered, providers
from safar.channels.tests.cases import ProviderCases, parcel
from safar.channels.tests.settings import sending
from safar.channels.tests.sink import DROP, HANG, running_sink
from safar.lib.outward import choose_address


@pytest.fixture
def sink():
    with running_sink() as one:
        yield one


@pytest.fixture
def line(sink):
    one = SmtpLine(read_url(sink.url))
    yield one
    one.close()


class TestSmtp(ProviderCases):
    key = "smtp"

    @pytest.fixture
    def settings(self, sink):
        return sending(email_url=sink.url)


def test_what_arrives_is_what_was_sent_dots_and_all(line, sink):
    assert line.hand_over(parcel()) == Accepted(provider_id="Q1", said="250 2.0.0 OK: queued as Q1")
    (mail,) = sink.mails
    assert mail.source == parcel().source
    assert (mail.sender, mail.recipients) == ("shop@shop.example", ["sara@people.example"])
    plain, html = mail.message.iter_parts()
    assert plain.get_content().split() == ["سلام", ".", "..dots"]
    assert html.get_content().split() == ["<p>سلام</p>", "."]


PHASES = [
    # phase, what the server says, verdict, reason
    ("hello", "550 go away", AccountRefused, "unreachable"),
    ("hello", DROP, AccountRefused, "unreachable"),
    ("hello", HANG, AccountRefused, "unreachable"),
    ("mail", "451 4.3.0 try later", NotNow, "not_now"),
    ("mail", "550 5.7.1 sender rejected", AccountRefused, "sender"),
    ("mail", "552 message size exceeds fixed maximum", Refused, "too_large"),
    ("mail", "530 5.7.0 Must issue a STARTTLS command first", AccountRefused, "login"),
    ("mail", DROP, NotNow, "line_lost"),
    ("mail", HANG, NotNow, "line_lost"),
    ("rcpt", "450 4.2.0 greylisted", NotNow, "greylisted"),
    ("rcpt", "452 4.2.2 mailbox full", NotNow, "mailbox_full"),
    ("rcpt", "550 5.1.1 no such user", Refused, "bad_address"),
    ("rcpt", "554 5.7.1 Relay access denied", AccountRefused, "login"),
    ("rcpt", DROP, NotNow, "line_lost"),
    ("rcpt", HANG, NotNow, "line_lost"),
    ("data", "451 4.7.1 come back", NotNow, "not_now"),
    ("data", "554 5.7.1 looks like spam", Refused, "content"),
    ("data", "550 5.4.5 Daily user sending limit exceeded", AccountRefused, "quota"),
    ("data", DROP, Unanswered, "no_answer"),
    ("data", "taken, then drop", Unanswered, "no_answer"),
    ("data", HANG, Unanswered, "no_answer"),
    ("data", "350 what?", Unanswered, "strange_answer"),
]


@pytest.mark.parametrize(("phase", "said", "verdict", "reason"), PHASES)
def test_each_phase_refused_cut_off_and_silent(line, sink, monkeypatch, phase, said, verdict, reason):
    monkeypatch.setattr(smtp, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(smtp, "CONNECT_SECONDS", 0.3)
    sink.say(phase, said)
    found = line.hand_over(parcel())
    assert type(found) is verdict
    assert found.reason == reason
    monkeypatch.setattr(smtp, "ANSWER_SECONDS", 10.0)
    monkeypatch.setattr(smtp, "CONNECT_SECONDS", 10.0)
    # The line is good for the next message, whatever happened to this one.
    assert isinstance(line.hand_over(parcel(2)), Accepted)


def test_a_connection_is_used_again_after_a_refusal(line, sink):
    sink.say("rcpt", "550 5.1.1 no such user")
    line.hand_over(parcel())
    line.hand_over(parcel(2))
    assert sink.connections == 1


def test_a_connection_that_was_closed_while_it_stood_idle_is_no_loss(line, sink):
    line.hand_over(parcel())
    sink.say("mail", DROP)
    assert isinstance(line.hand_over(parcel(2)), Accepted)
    sink.say("mail", "421 4.4.2 timeout, closing")
    assert isinstance(line.hand_over(parcel(3)), Accepted)
    assert len(sink.mails) == 3


def test_a_connection_is_renewed_after_so_many_messages(line, sink, monkeypatch):
    monkeypatch.setattr(smtp, "MOST_PER_CONNECTION", 3)
    for number in range(7):
        line.hand_over(parcel(number))
    assert sink.connections == 3


def test_of_several_recipients_one_is_enough(line, sink):
    sink.say("rcpt", "550 5.1.1 no")
    assert isinstance(line.hand_over(parcel(also=("ali@shop.example",))), Accepted)
    sink.say("rcpt", "550 5.1.1 no", "550 5.1.1 no")
    assert isinstance(line.hand_over(parcel(also=("ali@shop.example",))), Refused)


def test_nobody_listens():
    line = SmtpLine(Server("127.0.0.1", 1, "none"))
    found = line.hand_over(parcel())
    assert isinstance(found, AccountRefused)
    assert (found.reason, found.everybody) == ("unreachable", True)


@pytest.mark.parametrize(("password", "verdict"), [("right", Accepted), ("wrong", AccountRefused)])
def test_login(password, verdict):
    with running_sink(login=True) as sink:
        line = SmtpLine(read_url(f"smtp://me%40shop:{password}@127.0.0.1:{sink.port}?tls=none"))
        found = line.hand_over(parcel())
        line.close()
    assert type(found) is verdict
    if verdict is AccountRefused:
        assert found.reason == "login"
        assert password not in found.said


def test_a_server_without_tls_is_refused_where_tls_is_asked_for(sink):
    line = SmtpLine(read_url(f"smtp://127.0.0.1:{sink.port}"))
    found = line.hand_over(parcel())
    assert (type(found), found.reason) == (AccountRefused, "tls")


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", Server("mail.example", 587, "starttls")),
        ("smtps://mail.example", Server("mail.example", 465, "ssl")),
        ("smtp://mail.example:465", Server("mail.example", 465, "ssl")),
        ("smtp://u:p%40ss@mail.example:2525?tls=ssl", Server("mail.example", 2525, "ssl", "u", "p@ss")),
        ("smtp://u:p@127.0.0.1:25?tls=none", Server("127.0.0.1", 25, "none", "u", "p")),
    ],
)
def test_urls(url, server):
    assert read_url(url) == server


@pytest.mark.parametrize(
    "url",
    ["http://mail.example", "smtp://", "smtp://mail.example:x", "smtp://m.example?tls=no", "smtp://m.example?tsl=none",
     "smtp://u:secret@m.example?tls=none", "smtps://m.example?tls=starttls"],
)  # fmt: skip
def test_wrong_urls_say_the_mend_and_no_password(url):
    with pytest.raises(ValueError, match="SAFAR_EMAIL_URL") as refused:
        read_url(url)
    assert "secret" not in str(refused.value)


REPLIES = [
    # what large servers really say
    ("rcpt", 550, "5.1.1 The email account that you tried to reach does not exist.", Refused, "bad_address"),
    ("rcpt", 552, "5.2.2 The email account that you tried to reach is over quota.", Refused, "mailbox_full"),
    ("rcpt", 452, "4.2.2 The recipient's inbox is out of storage space and inactive.", NotNow, "mailbox_full"),
    ("rcpt", 550, "5.2.1 The email account that you tried to reach is disabled.", Refused, "bad_address"),
    ("rcpt", 450, "4.2.1 The user is receiving mail at a rate that prevents additional messages", NotNow, "greylisted"),
    ("body", 550, "5.7.26 This mail has been blocked because the sender is unauthenticated.", AccountRefused, "sender"),
    ("mail", 550, "5.7.60 SMTP; Client does not have permissions to send as this sender", AccountRefused, "sender"),
    ("body", 554, "5.7.1 Message rejected: Email address is not verified.", AccountRefused, "sender"),
    ("body", 454, "4.7.0 Throttling failure: Daily message quota exceeded.", NotNow, "not_now"),
    ("mail", 452, "4.3.1 Out of memory", NotNow, "mailbox_full"),
    ("mail", 451, "4.7.1 Rate limit exceeded", AccountRefused, "quota"),
    ("login", 535, "5.7.8 Username and Password not accepted.", AccountRefused, "login"),
    ("login", 454, "4.7.0 Temporary authentication failure", AccountRefused, "unreachable"),
    ("body", 550, "5.7.1 Your account has been suspended", AccountRefused, "credit"),
    ("rcpt", 554, "5.7.1 <a@b.example>: Sender address rejected: not owned by user", AccountRefused, "sender"),
    ("body", 552, "5.3.4 Message size exceeds fixed limit", Refused, "too_large"),
    ("body", 421, "4.3.2 Service shutting down", NotNow, "service_closing"),
    ("connect", 554, "5.7.1 blocked by a list", AccountRefused, "unreachable"),
]


@pytest.mark.parametrize(("phase", "code", "said", "verdict", "reason"), REPLIES)
def test_replies_of_real_servers(phase, code, said, verdict, reason):
    found = classify(Reply(phase, code, said))
    assert (type(found), found.reason) == (verdict, reason)


def test_a_server_that_somebody_typed_is_connected_to_as_it_was_looked_at(sink):
    """The name is resolved once: what the name service says a moment later leads nowhere."""
    asked = []

    def choose(host, port):
        asked.append((host, port))
        return "127.0.0.1"

    line = SmtpLine(Server("mail.shop.example", sink.port, "none"), choose=choose)
    assert isinstance(line.hand_over(parcel()), Accepted)
    line.close()
    assert asked == [("mail.shop.example", sink.port)]


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "::ffff:192.168.1.1", "100.64.0.1"]
)
def test_a_server_inside_is_not_connected_to(sink, address):
    def choose(host, port):
        return choose_address(host, port, resolve=lambda *_, **__: [(2, 1, 6, "", (address, port))])

    for tls in ("none", "starttls", "ssl"):
        verdict = SmtpLine(Server("mail.shop.example", sink.port, tls), choose=choose).hand_over(parcel())
        assert (type(verdict), verdict.reason) == (AccountRefused, "settings")
        assert address not in verdict.said
    assert sink.connections == 0


def test_a_workspaces_own_server_is_always_guarded():
    given = {"host": "mail.shop.example", "port": "465", "tls": "ssl", "user": "", "password": ""}
    line = providers()["smtp"].open_own(sending(), Own(1, "email", "smtp", {}), given)
    assert (line.choose, line.server.tls, line.server.user) == (choose_address, "ssl", None)
