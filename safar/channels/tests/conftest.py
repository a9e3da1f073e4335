"""What tests of the dispatcher stand on: a sink, a shop whose books must close at the end, a dispatcher."""

from __future__ import annotations

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


@pytest.fixture
def shop(conn):
    conn.execute(
        "TRUNCATE outbox, message, sender, circuit, team_notice, webhook_failing, webhook_subscription, destination, notice, telling, digest"
    )  # dispatchers serve everybody's queues
    one = Shop(conn, mode="live")
    yield one
    assert all(line.closes for line in read_books(conn, one.id))


@pytest.fixture
def dispatcher(database_url, sink):
    one = Dispatcher(database_url, "test", sending=sending(email_url=sink.url, lines=1))
    yield one
    one.close()


@pytest.fixture
def run(database_url):
    """One pass of a dispatcher whose every message stays in the mailbox, at a moment."""

    def once(now=NOON):
        dispatcher = Dispatcher(database_url, "test", sending=sending())
        try:
            return dispatcher.run_once(now)
        finally:
            dispatcher.close()

    return once
