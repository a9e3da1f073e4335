"""E-mails as they go over the wire, read back by a parser: headers, parts, and texts that try to be headers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safar.channels.mail.compose import BadAddress, Email, bare_address, compose, sender_address

DATE = datetime(2026, 3, 21, 12, 0, tzinfo=timezone(timedelta(hours=3, minutes=30)))
PLAIN = Email(
    message_id="<safar.1-2.0123456789abcdef@shop.example>",
    date=DATE,
    sender="فروشگاه لیوان <shop@shop.example>",
    to=("sara@people.example",),
    subject="سلام سارا",
    text="سلام\nدنیا\n",
    html="<p>سلام</p>",
    reply_to="Help <help@shop.example>",
    unsubscribe_url="https://safar.example/u/" + "A" * 52,
    one_click=True,
)


def letter(**changes) -> Email:
    return Email(**{**{name: getattr(PLAIN, name) for name in Email.__slots__}, **changes})


def read(source: bytes) -> EmailMessage:
    return message_from_bytes(source, policy=policy.SMTP)


def texts(message: EmailMessage) -> list[str]:
    parts = message.iter_parts() if message.is_multipart() else [message]
    return [part.get_content().replace("\r\n", "\n") for part in parts]


def test_all_headers_and_both_parts():
    mail = read(compose(PLAIN))
    assert mail["From"].addresses[0].display_name == "فروشگاه لیوان"
    assert mail["From"].addresses[0].addr_spec == "shop@shop.example"
    assert mail["To"] == "sara@people.example"
    assert mail["Reply-To"] == "Help <help@shop.example>"
    assert mail["Subject"] == "سلام سارا"
    assert mail["Date"].datetime == DATE
    assert mail["Message-ID"] == PLAIN.message_id
    assert mail["MIME-Version"] == "1.0"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content_charset() for part in mail.iter_parts()] == ["utf-8", "utf-8"]
    assert texts(mail) == ["سلام\nدنیا\n", "<p>سلام</p>"]
    assert mail.defects == []
    assert all(part.defects == [] for part in mail.walk())


def test_the_way_out_of_marketing_as_rfc_8058_says():
    mail = read(compose(PLAIN))
    assert mail["List-Unsubscribe"] == f"<{PLAIN.unsubscribe_url}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert b"\r\nList-Unsubscribe: <https://" in compose(PLAIN)  # not folded: some mail programs read the line alone
    without_https = read(compose(letter(one_click=False)))
    assert without_https["List-Unsubscribe-Post"] is None
    transactional = read(compose(letter(unsubscribe_url=None)))
    assert transactional["List-Unsubscribe"] is transactional["List-Unsubscribe-Post"] is None


def test_text_alone_is_one_part():
    mail = read(compose(letter(html="", text="only words\n")))
    assert mail.get_content_type() == "text/plain"
    assert texts(mail) == ["only words\n"]


def test_the_same_message_twice_is_the_same_bytes():
    assert compose(PLAIN) == compose(letter())


@pytest.mark.parametrize(
    "wicked",
    [
        "Hi\r\nBcc: all@people.example",
        "Hi\nBcc: x@y.example",
        "Hi\rBcc: x",
        "Hi\x00there",
        "Hi\u2028Bcc: x",
        "\r\n\r\nbody",
        "\x1b[31m",
        " \t ",
    ],
)
def test_nothing_in_a_header_begins_another(wicked):
    mail = read(compose(letter(subject=wicked, sender=f"{wicked} <shop@shop.example>")))
    assert mail["Bcc"] is None
    assert [name.lower() for name, _ in mail.items()] == [
        "from", "to", "reply-to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post", "auto-submitted",
        "mime-version", "content-type",
    ]  # fmt: skip
    assert texts(mail) == ["سلام\nدنیا\n", "<p>سلام</p>"]


@pytest.mark.parametrize(
    "address",
    ["", "sara", "@x.example", "sara@", "a@b@c", "sara@people.example\r\nRCPT TO:<x@y>", "sara @people.example", "a,b@c.example", "<a@b.example",
     "x" * 65 + "@b.example", "a@" + "x" * 260 + ".example", "a@b..example", "سارا@people.example", "a@b.example>", "Sara <a@b.example>", "a;b@c.example", "a@b\x00.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address):
    with pytest.raises(BadAddress):
        compose(letter(to=(address,)))
    with pytest.raises(BadAddress):
        bare_address(address)


@pytest.mark.parametrize(
    ("address", "bare"),
    [("a@b.example", "a@b.example"), ("Sara.M+x@People.Example", "Sara.M+x@People.Example"), ("a@bücher.example", "a@xn--bcher-kva.example"),
     ("a@فروشگاه.example", "a@" + "فروشگاه".encode("idna").decode() + ".example"), ("o'brien@b.example", "o'brien@b.example")],
)  # fmt: skip
def test_addresses(address, bare):
    assert bare_address(address) == bare
    assert read(compose(letter(to=(address,))))["To"] == bare


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [("shop@shop.example", "", "shop@shop.example"), ("Shop <shop@shop.example>", "Shop", "shop@shop.example"),
     ('"Shop, Ltd." <shop@shop.example>', "Shop, Ltd.", "shop@shop.example"), ("A <b> c <shop@shop.example>", "A <b> c", "shop@shop.example"),
     ("فروشگاه <shop@shop.example>", "فروشگاه", "shop@shop.example")],
)  # fmt: skip
def test_senders(sender, name, address):
    (found,) = read(compose(letter(sender=sender)))["From"].addresses
    assert (found.display_name, found.addr_spec) == (name, address)
    assert sender_address(sender) == address


def test_lines_are_short_and_end_as_smtp_wants():
    long_ones = letter(
        subject="x" * 900, text="word " * 5000 + "\rbare\n\n.\n..\nFrom here\n" + "z" * 3000, html="<p>" + "y" * 50_000
    )
    source = compose(long_ones)
    assert source.isascii()
    assert b"\r" not in source.replace(b"\r\n", b"")
    assert b"\n" not in source.replace(b"\r\n", b"")
    assert max(map(len, source.split(b"\r\n"))) <= 998
    body = source.split(b"\r\n\r\n", 1)[1]
    assert max(map(len, body.split(b"\r\n"))) <= 78
    assert texts(read(source))[0] == long_ones.text.replace("\r", "\n")


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)


@settings(max_examples=300, deadline=None)
@given(subject=TEXT, text=TEXT, html=TEXT, name=TEXT)
def test_whatever_is_written_arrives(subject, text, html, name):
    """Compared with what the standard library makes of the same parts."""
    source = compose(
        letter(subject=subject, text=text, html=html, sender=f"{name.replace('<', '')} <shop@shop.example>")
    )
    mail = read(source)
    assert source.isascii()
    assert mail["From"].addresses[0].addr_spec == "shop@shop.example"
    assert mail["Bcc"] is None
    assert mail["Message-ID"] == PLAIN.message_id
    found = texts(mail)
    expected = [one.replace("\r\n", "\n").replace("\r", "\n") for one in ([text, html] if html else [text])]
    assert found == expected


def test_dates_are_those_of_the_wire():
    assert (
        read(compose(letter(date=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))))["Date"]
        == "Fri, 02 Jan 2026 03:04:05 +0000"
    )
