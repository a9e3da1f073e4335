"""A story for each test."""

from __future__ import annotations

import pytest

from safar.outbox.tests.story import Story


@pytest.fixture
def story(conn):
    conn.execute("TRUNCATE outbox, message, outbox_hold")  # time moves everybody's messages
    return lambda state="pending", **how: Story(conn, **how).at(state)
