"""Queued effects: what the engine decided and has not been carried out yet. See docs/rooms/outbox.md.

The engine puts rows in, in the transaction that moves the enrollment::

    INSERT INTO outbox (bucket, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point,
                        kind, effect, decided_at, due_at, not_after) …
    NOTIFY safar_outbox

kind ``message``: effect {"journey", "point", "version", "channel": email | sms, "template", "class": marketing |
transactional, "variants": [{"template", "share"}]?, "topic"?}; kind ``notice``: {"journey", "point", "text", "to"?};
kind ``test``, from the page of a template: {"channel", "to", "made": what was rendered, "template", "by"}.
The key (bucket, enrollment_id, entry_no, trail_pos, point) makes a second decision of the same thing impossible while
the first is queued, and harmless after. All else is done by the verbs: claim, begin, finish, resolve. They run in the
caller's transaction and never commit.
"""
