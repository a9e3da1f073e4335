"""The one gate before every message, asked in the very statement that begins its hand-over, so that it is true at
that moment.

A visible list of small steps: the first that holds decides. ``skip`` ends the message, ``hold`` puts it aside until
its journey goes on, ``wait`` puts it off to a later moment, ``again`` gives it back to be made ready anew, ``fail`` ends it because it
cannot be rendered.

SQL sees ``o`` (outbox), ``c`` (contact, may be missing), ``w`` (workspace, may be missing), ``said`` (what was made
ready), ``quiet`` (quiet/of_message.sql) and ``clock.now``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from safar.channels.pace.caps import CAPPED
from safar.lib.quiet import SMS_RULE
from safar.lib.sqlfile import load_sql
from safar.outbox.statements import without_comments


@dataclass(frozen=True, slots=True)
class Step:
    """verdict:reason where ``when`` holds. about: ``message``, or ``all`` kinds of effects."""

    verdict: str  # skip | hold | wait | again | fail
    reason: str
    when: str
    about: str = "message"


# OFFSET 0 keeps each EXISTS a probe by key: the planner may else read the whole table into a hash for a batch.
# Ended by an exit point in the same instant as the decision is not "left since": a thank-you before the exit goes out.
_LEFT = """
    EXISTS (SELECT FROM enrollment e
             WHERE e.bucket = o.bucket AND e.contact_id = o.contact_id AND e.journey_id = o.journey_id AND e.id =
             o.enrollment_id
               AND e.entry_no = o.entry_no AND e.state = 2 AND e.ended_at > o.decided_at OFFSET 0)
    OR EXISTS (SELECT FROM enrollment_past e
             WHERE e.bucket = o.bucket AND e.contact_id = o.contact_id AND e.journey_id = o.journey_id AND e.id =
             o.enrollment_id
               AND e.entry_no = o.entry_no AND e.state = 2 AND e.ended_at > o.decided_at OFFSET 0)"""

# The address as it is now; what was made ready has to be for the same one.
_ADDRESS = "CASE o.channel WHEN 'email' THEN c.email WHEN 'sms' THEN c.phone END"

STEPS = (
    Step("skip", "erased", "c.id IS NULL OR c.erased_at IS NOT NULL"),
    Step("skip", "left_the_journey", "c.merged_into IS NOT NULL"),
    Step("skip", "left_the_journey", _LEFT),
    Step("skip", "expired", "o.not_after <= clock.now", about="all"),
    Step(
        "again",
        "stopped",
        "coalesce(w.stopped, true) OR EXISTS (SELECT FROM outbox_hold h"
        " WHERE h.workspace_id IN (0, o.workspace_id) AND h.journey_id = 0)",
        about="all",
    ),
    Step(
        "hold",
        "paused",
        "EXISTS (SELECT FROM outbox_hold h WHERE h.workspace_id = o.workspace_id AND h.journey_id = o.journey_id)",
        about="all",
    ),
    Step("again", "mode", "w.send_mode <> said.mode", about="all"),
    Step("skip", "no_address", f"coalesce(btrim({_ADDRESS}), '') = ''"),
    Step(
        "skip",
        "no_consent",
        "said.class = 'marketing' AND NOT EXISTS (SELECT FROM consent n WHERE n.bucket = o.bucket"
        " AND n.contact_id = o.contact_id AND n.channel = o.channel AND n.state = 'given' OFFSET 0)",
    ),
    Step(
        "skip",
        "topic_left",  # whoever said nothing of a topic gets its messages: only leaving it is a no
        "said.topic IS NOT NULL AND EXISTS (SELECT FROM consent n WHERE n.bucket = o.bucket"
        " AND n.contact_id = o.contact_id AND n.channel = 'topic:' || said.topic AND n.state = 'left' OFFSET 0)",
    ),
    Step(
        "skip",
        "preferences",  # asked for 30 days without us (contacts.preferences); how often they want to hear from us is a cap's to keep
        "said.class = 'marketing' AND EXISTS (SELECT FROM consent n WHERE n.bucket = o.bucket AND n.contact_id = o.contact_id"
        " AND n.channel = 'pause' AND n.state = 'paused' AND n.at > clock.now - interval '30 days' OFFSET 0)",
    ),
    Step(
        "skip",
        "suppressed",  # who unsubscribed wants no more advertising; what belongs to an order they bought goes on reaching them
        "EXISTS (SELECT FROM suppression s WHERE s.workspace_id = o.workspace_id AND s.channel = o.channel"
        " AND (split_part(s.reason, ':', 1) NOT IN ('unsubscribed', 'stop_word') OR said.class = 'marketing')"
        f" AND s.address = ANY (said.marks || CASE o.channel WHEN 'email' THEN lower(btrim({_ADDRESS})) ELSE btrim({_ADDRESS}) END) OFFSET 0)",
    ),
    Step("fail", "cannot_be_rendered", "said.fault IS NOT NULL", about="all"),
    Step("wait", "quiet", "quiet.until IS NOT NULL"),
    Step("skip", "capped", CAPPED),  # true only under the contact's turn (pace/turns.py)
    Step("again", "address", f"btrim({_ADDRESS}) IS DISTINCT FROM said.address"),
)

SKIP_REASONS = tuple(dict.fromkeys(step.reason for step in STEPS if step.verdict == "skip"))


@cache
def gate(steps: tuple[Step, ...] = STEPS) -> str:
    """The steps as one expression: NULL, or ``verdict:reason``."""
    cases = []
    for step in steps:
        about = "" if step.about == "all" else "o.kind = 'message' AND "
        cases.append(f"WHEN {about}({step.when}) THEN '{step.verdict}:{step.reason}'")
    return "CASE " + "\n".join(cases) + " END"


@cache
def quiet() -> str:
    """The slot of that name: with the rule that SMS has where a workspace has none."""
    rule = SMS_RULE
    words = f"'{rule.channel}', '', time '{rule.begins}', time '{rule.ends}', '{{}}'::smallint[], '{{}}'::date[], {rule.spread}"
    return without_comments(load_sql("safar.channels.quiet", "of_message")).replace("{sms_rule}", words)
