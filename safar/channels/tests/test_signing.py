"""Signatures: what leaves by a plain mail server can be verified by whoever gets it, the one-click headers inside; hundreds of messages, each parsed."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from email import message_from_bytes, policy
from pathlib import Path

import dkim
import pytest

from safar.channels.mail.signing import Signer, make_key, read_key, read_signer, remove_key
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.tests.mail_cases import mail_parcel
from safar.channels.tests.settings import SECRET, sending
from safar.channels.tests.sink import running_sink
from safar.lib.faults import Refused
from safar.outbox.tests.house import NOON

ONE_CLICK = {"list-unsubscribe", "list-unsubscribe-post"}


def verified(source, key):
    """Whether a reader's server believes it, the DNS answering with our record."""

    def dns(name, timeout=5):
        return key.record.encode() if name.decode().rstrip(".") == key.name else b""

    return dkim.verify(source, dnsfunc=dns)


def signed_headers(source):
    signature = message_from_bytes(source)["DKIM-Signature"]
    return re.sub(r"\s", "", re.search(r"\bh=([^;]+)", signature)[1]).split(":")


@pytest.fixture
def key(conn, shop):
    return make_key(conn, workspace_id=shop.id, domain="Shop.Example.", keys=[SECRET], now=NOON)


def test_a_key_is_kept_sealed_and_its_record_shown(conn, shop, key):
    assert (key.domain, key.selector) == ("shop.example", "safar20260321120000")
    assert key.record.startswith("v=DKIM1; k=rsa; p=MIIB")
    assert read_key(conn, shop.id) == key
    (sealed,) = conn.execute("SELECT sealed FROM dkim_key").fetchone()
    assert b"PRIVATE" not in bytes(sealed)
    signer = read_signer(conn, shop.id, [SECRET])
    assert "PRIVATE" not in repr(signer)
    assert read_signer(conn, shop.id, ["another key of the installation"]) is None
    assert remove_key(conn, shop.id)
    assert not remove_key(conn, shop.id)


@pytest.mark.parametrize(
    "domain", ["", "shop", "-.example", "127.0.0.1", "shop.example/x", "a b.example", "x" * 300 + ".example"]
)
def test_a_domain_that_is_none(conn, shop, domain):
    with pytest.raises(Refused):
        make_key(conn, workspace_id=shop.id, domain=domain, keys=[SECRET])


def test_what_is_signed_is_verified_and_what_is_changed_is_not(conn, shop, key):
    signer = read_signer(conn, shop.id, [SECRET])
    source = signer.sign(mail_parcel().source)
    assert verified(source, key)
    headers = signed_headers(source)
    assert set(headers) >= ONE_CLICK | {"from", "to", "subject", "date", "message-id"}
    assert headers.count("from") == 2  # nobody adds a second sender
    for changed in (
        source.replace(b"https://safar.example/u/token", b"https://evil.example/u/token"),
        source.replace(b"One-Click", b"Two-Click"),
        source.replace(b"To: sara@", b"To: ali@"),
        source.replace(b"\r\n\r\n", b"\r\n\r\nx", 1),
        source.replace(b"\r\nTo:", b"\r\nFrom: x@evil.example\r\nTo:"),
    ):
        assert changed != source
        assert not verified(changed, key)


def test_it_signs_for_its_domain_and_those_in_it():
    signer = Signer("shop.example", "s", b"")
    signs = [
        signer.signs_for(address)
        for address in (
            "a@shop.example",
            "a@News.Shop.example",
            "a@notshop.example",
            "a@example",
            "a@shop.example.evil",
        )
    ]
    assert signs == [True, True, False, False, False]


def decide(shop, number):
    shop.template(
        "offer",
        {
            "en": {
                "subject": "Hello {{ contact.first_name }} — سلام",
                "html": '<p>سلام <a href="https://shop.example/?a=1&amp;b=2">here</a>\n.\nend</p><p><a href="{{ unsubscribe_url }}">leave</a></p>',
            }
        },
    )
    people = [shop.person(f"Sara{n}") for n in range(number)]
    for person in people:
        shop.decide(person, template="offer")
    return {person.email for person in people}


def carry(database_url, email_url, **changes):
    one = Dispatcher(database_url, "proof", sending=sending(email_url=email_url, **changes))
    one.run_once(NOON)
    one.close()


def examine(sources, key, addresses):
    """Every message once, whole, signed, with both parts, its links and its way out."""
    found = set()
    for source in sources:
        message = message_from_bytes(source, policy=policy.SMTP)
        assert verified(source, key)
        assert set(signed_headers(source)) >= ONE_CLICK
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        leave = str(message["List-Unsubscribe"])
        assert re.fullmatch(r"<https://safar\.example/u/[\w-]{52}>", leave), leave
        assert re.fullmatch(r"<safar\.\d+-\d+\.[0-9a-f]{16}@shop\.example>", str(message["Message-ID"]))
        text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
        assert "سلام" in text
        assert leave[1:-1] in text
        assert leave[1:-1] in html
        links = re.findall(r'href="([^"]+)"', html)
        assert links
        assert all(link.startswith("https://") for link in links)
        assert len(set(message.keys())) == len(message.items())
        found.add(str(message["To"]))
    assert len(found) == len(list(sources))
    assert found == addresses


def test_hundreds_of_messages_each_parsed(shop, conn, database_url, key):
    addresses = decide(shop, 200)
    with running_sink() as sink:
        carry(database_url, sink.url, lines=8)
        examine([mail.source for mail in sink.mails], key, addresses)


@pytest.mark.deep
def test_ten_thousand_messages_each_parsed(shop, conn, database_url, key):
    addresses = decide(shop, 10_000)
    with running_sink() as sink:
        carry(database_url, sink.url, lines=8)
        examine([mail.source for mail in sink.mails], key, addresses)


@pytest.fixture
def postfix():
    """A Postfix of this machine, in a folder and on a port of its own, that keeps everything in one mailbox. Not in pytest's folder: every
    session that begins closes that to other users, and Postfix is one."""
    if not shutil.which("postfix") or os.geteuid() != 0:
        pytest.skip("there is no Postfix here (or we may not start it)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    tmp_path = Path(tempfile.mkdtemp(prefix="safar-postfix-"))
    conf, spool, data, box = (tmp_path / name for name in ("conf", "spool", "data", "box"))
    for folder in (conf, spool, data, box):
        folder.mkdir()
    tmp_path.chmod(0o755)
    shutil.chown(data, "postfix")
    box.chmod(0o777)
    here = Path("/usr/lib/postfix/sbin")
    settings = {
        "compatibility_level": "3.6",
        "queue_directory": spool,
        "data_directory": data,
        "command_directory": "/usr/sbin",
        "daemon_directory": here if here.is_dir() else "/usr/libexec/postfix",
        "mail_owner": "postfix",
        "setgid_group": "postdrop",
        "inet_interfaces": "127.0.0.1",
        "inet_protocols": "ipv4",
        "mydestination": "people.example",
        "mynetworks": "127.0.0.0/8",
        "myhostname": "mail.people.example",
        "local_recipient_maps": "",
        "alias_maps": "",
        "virtual_mailbox_domains": "people.example",
        "virtual_mailbox_base": box,
        "virtual_mailbox_maps": "static:all/",
        "virtual_uid_maps": "static:65534",
        "virtual_gid_maps": "static:65534",
        "maillog_file": tmp_path / "log",
        "maillog_file_prefixes": tmp_path,
    }
    settings["mydestination"] = ""
    (conf / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
    services = (
        f"127.0.0.1:{port} inet n - n - - smtpd",
        "pickup unix n - n 60 1 pickup",
        "cleanup unix n - n - 0 cleanup",
        "qmgr unix n - n 300 1 qmgr",
        "rewrite unix - - n - - trivial-rewrite",
        "bounce unix - - n - 0 bounce",
        "defer unix - - n - 0 bounce",
        "trace unix - - n - 0 bounce",
        "proxymap unix - - n - - proxymap",
        "virtual unix - n n - - virtual",
        "error unix - - n - - error",
        "retry unix - - n - - error",
        "anvil unix - - n - 1 anvil",
        "scache unix - - n - 1 scache",
        "postlog unix-dgram n - n - 1 postlogd",
    )
    (conf / "master.cf").write_text("\n".join(services) + "\n")
    started = subprocess.run(
        ["postfix", "-c", str(conf), "start"], capture_output=True, text=True, timeout=60, check=False
    )
    if started.returncode:
        told = (tmp_path / "log").read_text()[-500:] if (tmp_path / "log").exists() else started.stderr[-500:]
        pytest.skip(f"Postfix does not start here: {told.strip()}")
    try:
        yield f"smtp://127.0.0.1:{port}?tls=none", box
    finally:
        subprocess.run(["postfix", "-c", str(conf), "stop"], capture_output=True, timeout=60, check=False)
        shutil.rmtree(tmp_path, ignore_errors=True)


def kept_by(box, number):
    """Messages in Postfix's mailbox, once there are so many; without what it put on top."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        files = list(box.rglob("new/*"))
        if len(files) >= number:
            return [file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for file in files]
        time.sleep(0.05)  # another process's mailbox: there is nothing to wait on but itself
    raise AssertionError(f"{len(files)} of {number} messages arrived")


@pytest.mark.parametrize("number", [100, pytest.param(10_000, marks=pytest.mark.deep)])
def test_postfix_takes_them_all(shop, conn, database_url, key, postfix, number):
    url, box = postfix
    addresses = decide(shop, number)
    carry(database_url, url, lines=8)
    fates = conn.execute(
        "SELECT state, reason, count(*)::int FROM message WHERE workspace_id = %s GROUP BY 1, 2", (shop.id,)
    ).fetchall()
    assert fates == [("accepted", None, number)], conn.execute("SELECT reason, said FROM circuit").fetchall()
    sources = kept_by(box, number)
    assert len(sources) == number
    for source in sources:
        message = message_from_bytes(source, policy=policy.SMTP)
        assert verified(source, key)
        assert set(signed_headers(source)) >= ONE_CLICK
        assert {part.get_content_type() for part in message.walk()} >= {"text/plain", "text/html"}
    assert {str(message_from_bytes(source)["To"]) for source in sources} == addresses
