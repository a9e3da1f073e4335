"""A row on its way from claimed to ready, and what it is at the end."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from safar.channels.provider import AccountRefused, Parcel
from safar.channels.sending.carriers import KEPT, Carrier
from safar.channels.sending.material import Material
from safar.channels.sms.text import Written
from safar.channels.webhooks import writing as webhook
from safar.content.pool import Rendered
from safar.outbox.begin import Ready
from safar.outbox.rows import Claimed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row made ready, and its parcel: None where it cannot be rendered. kept: why it stays in the mailbox. carrier: by what
    it goes. refused: why nothing goes by it for now."""

    ready: Ready
    parcel: Parcel | None
    kept: str = ""
    carrier: Carrier = KEPT
    refused: AccountRefused | None = None


@dataclass(slots=True)
class Work:
    """A row while it is made ready: each step fills in its own."""

    row: Claimed
    material: Material
    template: str | None = None
    variant: str | None = None
    text: Rendered | None = None
    sent: Rendered | None = None  # as it goes over the wire: the same with its links tracked
    ways: Sequence[Written] = ()  # of an SMS: the first is what is begun
    called: webhook.Template | None = None  # of a webhook that says its own words
    texts: dict[str, str] = field(default_factory=dict)  # of a notice, by language
    fault: str | None = None


def ours(work: Work, error: Exception) -> str:
    """A fault of our own becomes the row's: one message must never stop the others."""
    log.exception("message %s of workspace %s cannot be made ready", work.row.id, work.row.workspace_id)
    return f"{type(error).__name__}: {error}"[:500]
