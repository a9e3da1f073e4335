"""The thin whole: a decided message leaves the house."""

from email import message_from_bytes, policy

import pytest

from safar.channels.sending.dispatch import Dispatcher
from safar.channels.tests.settings import sending
from safar.channels.tests.sink import running_sink
from safar.outbox.books import read_books
from safar.outbox.tests.house import NOON, Shop


@pytest.fixture
def sink():
    with running_sink() as one:
        yield one


def test_a_decided_message_ends_in_the_mailbox(database_url, conn):
    shop = Shop(conn)
    sara = shop.person("Sara")
    shop.decide(sara)
    dispatcher = Dispatcher(database_url, "test", sending=sending())
    assert dispatcher.run_once(NOON) == 1
    dispatcher.close()
    assert shop.message(sara)["state"] == "accepted"
    assert shop.outbox(sara) is None
    (source,) = conn.execute("SELECT source FROM mailbox WHERE workspace_id = %s", (shop.id,)).fetchone()
    mail = message_from_bytes(source, policy=policy.SMTP)
    assert mail["Subject"] == "Hello Sara"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<https://safar.example/u/")
    assert shop.events()[0][0] == "message_sent"
    assert all(line.closes for line in read_books(conn, shop.id))


def test_a_live_message_goes_out_over_smtp(database_url, conn, sink):
    shop = Shop(conn, mode="live")
    sara, ali = shop.person("Sara"), shop.person("Ali", language="fa")
    shop.decide(sara)
    shop.decide(ali)
    dispatcher = Dispatcher(database_url, "test", sending=sending(email_url=sink.url))
    assert dispatcher.run_once(NOON) == 2
    dispatcher.close()
    assert {mail.recipients[0] for mail in sink.mails} == {sara.email, ali.email}
    assert shop.message(sara)["state"] == shop.message(ali)["state"] == "accepted"
    assert {mail.message["Message-ID"] for mail in sink.mails} == {
        shop.message(one)["message_id_header"] for one in (sara, ali)
    }
    assert shop.message(ali)["provider_id"].startswith("Q")
    assert all(line.closes and line.accepted == 2 for line in read_books(conn, shop.id))
