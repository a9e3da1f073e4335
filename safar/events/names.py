"""What a message is called in the history (docs/semantics.md 2)."""

from __future__ import annotations

TRACK, IDENTIFY, PAGE, SCREEN, GROUP, ALIAS = "track", "identify", "page", "screen", "group", "alias"
EDIT, MERGE, ABSORB, RECOUNT = "edit", "merge", "absorb", "recount"  # of our own making: no client sends them

TYPES = (IDENTIFY, TRACK, PAGE, SCREEN, GROUP, ALIAS)
HISTORY_NAMES = {
    IDENTIFY: "identify",
    PAGE: "page_viewed",
    SCREEN: "screen_viewed",
    GROUP: "group",
    ALIAS: "alias",
    EDIT: "edit",
}

# What Safar alone may say: an imitation would be taken for a change that never was.
# A topic is joined or left: what the kinds of these names look at (the change, not the name), and what the link in a message causes.
TOPIC_JOINED, TOPIC_LEFT = "topic_joined", "topic_left"
NOTE_ADDED = "note_added"  # by a point (docs/semantics.md 49), a member, a program
SMS_RECEIVED = (
    "sms_received"  # what somebody wrote to a line of ours: {text, keyword, line, from} (docs/semantics.md 13)
)
ENGINE_MADE = frozenset(
    "tag_added tag_removed trait_changed segment_joined segment_left journey_entered journey_ended sent_to_journey taken_from_journey".split()  # noqa: SIM905
) | {TOPIC_JOINED, TOPIC_LEFT}
# A shop that moves to Safar brings these along by a secret key. A public key lies open in every page, and who reads it could open mails for
# others, or walk them into a journey.
REACTIONS = frozenset(
    {"email_opened", "email_clicked", "sms_clicked"}
)  # of people; those of machines end in _by_machine
NOT_BY_PUBLIC_KEYS = (
    ENGINE_MADE
    | {"added_by_hand", NOTE_ADDED, SMS_RECEIVED, "message_sent", "webhook_received", "webhook_answered"}
    | REACTIONS
    | {f"{name}_by_machine" for name in REACTIONS}
)

MAX_NAME = 255  # characters of an event's name: it stands in the index of the log
