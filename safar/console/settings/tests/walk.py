"""Who may come to the pages of this room (safar/console/tests/walking.py)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

from django.conf import settings

from safar.accounts.links import invite
from safar.accounts.members import create_member
from safar.accounts.models import ApiKey, Invitation, Membership, Role
from safar.accounts.services import create_key
from safar.channels.hooks.keeping import make_hook, note_call
from safar.channels.notices.destinations import read_destination
from safar.channels.notices.trying import send_test_notice
from safar.channels.pace.caps import Cap, set_cap
from safar.channels.services.trying_own import send_service_test
from safar.console.database import session
from safar.console.tests.walking import Entry, Side
from safar.contacts.rates import Rate, write_rates
from safar.shops.connecting import connect_shop

ENTRIES = {
    "settings": Entry("admin"),
    "members": Entry("admin"),
    "member": Entry("admin", ids={"membership_id": "membership"}),
    "member_remove": Entry("admin", ids={"membership_id": "membership"}),
    "invitation_withdraw": Entry("admin", ids={"invitation_id": "invitation"}),
    "keys": Entry("admin"),
    "key_revoke": Entry("admin", ids={"key_id": "key"}),
    "senders": Entry("admin"),
    "senders_stop": Entry("admin"),
    "email_service": Entry("admin"),
    "email_domain": Entry("admin"),
    "email_domain_checks": Entry("admin"),
    "email_domain_key": Entry("admin"),
    "email_domain_key_remove": Entry("admin"),
    "email_remove": Entry("admin"),
    "email_test": Entry("admin"),
    "email_register": Entry("admin"),
    "email_tested": Entry("admin", ids={"number": "mail_test"}),
    "sms_service": Entry("admin"),
    "sms_remove": Entry("admin"),
    "sms_test": Entry("admin"),
    "sms_tested": Entry("admin", ids={"number": "test"}),
    "sms_credit": Entry("admin"),
    "sms_try": Entry("admin"),
    "tracking": Entry("admin"),
    "tracking_check": Entry("admin"),
    "site": Entry("admin"),
    "site_key": Entry("admin"),
    "site_check": Entry("admin", ids={"key_id": "key"}),
    "timing": Entry("admin"),
    "shops": Entry("admin"),
    "shop_new": Entry("admin"),
    "shop": Entry("admin", ids={"shop_id": "shop"}),
    "shop_past": Entry("admin", ids={"shop_id": "shop"}),
    "shop_fetch": Entry("admin", ids={"shop_id": "shop"}),
    "shop_stop": Entry("admin", ids={"shop_id": "shop"}),
    "shop_plugin": Entry("admin", ids={"shop_id": "shop"}),
    "shop_disconnect": Entry("admin", ids={"shop_id": "shop"}),
    "rates": Entry("admin"),
    "rate_drop": Entry("admin", ids={"currency": "currency", "day": "day"}),
    "occasions": Entry("admin"),
    "destinations": Entry("admin"),
    "destination_new": Entry("admin"),
    "destination": Entry("admin", ids={"number": "destination"}),
    "destination_test": Entry("admin", ids={"number": "destination"}),
    "destination_tested": Entry("admin", ids={"number": "notice_test"}),
    "destination_pause": Entry("admin", ids={"number": "destination"}),
    "destination_resume": Entry("admin", ids={"number": "destination"}),
    "destination_remove": Entry("admin", ids={"number": "destination"}),
    "webhooks": Entry("admin"),
    "hooks": Entry("admin"),
    "hook": Entry("admin", ids={"key": "hook"}),
    "hook_renew": Entry("admin", ids={"key": "hook"}),
    "hook_remove": Entry("admin", ids={"key": "hook"}),
    "webhook_address_new": Entry("admin"),
    "webhook_address": Entry("admin", ids={"number": "told"}),
    "webhook_address_remove": Entry("admin", ids={"number": "told"}),
    "webhook_ask": Entry("admin"),
    "webhook_drop": Entry("admin", ids={"number": "secret"}),
    "webhook_again": Entry("admin", ids={"bucket": "call_bucket", "number": "call"}),
    "occasion": Entry("admin", ids={"key": "occasion"}),
    "privacy": Entry("admin"),
    "audit": Entry("admin"),
    "delete_workspace": Entry("owner"),
}


def fill(side: Side) -> None:
    member = create_member(email=f"mina@{side.marker}.example", name=f"Mina {side.marker}")
    side.ids["membership"] = Membership.objects.create(workspace=side.workspace, member=member, role=Role.VIEWER).pk
    invite(workspace=side.workspace, email=f"ali@{side.marker}.example", role="viewer")
    side.ids["invitation"] = Invitation.objects.get(workspace=side.workspace).pk
    create_key(workspace=side.workspace, kind="secret", label=side.marker)
    side.ids["key"] = ApiKey.objects.get(workspace=side.workspace).pk
    side.ids["currency"], side.ids["day"] = f"E{chr(65 + side.workspace.pk % 26)}R", "2026-11-22"
    side.ids["secret"], side.ids["call_bucket"] = side.workspace.pk, 5
    side.ids["call"] = (side.workspace.pk << 10) + 5
    side.ids["occasion"] = f"own_{side.workspace.pk}"
    with session() as conn:
        conn.execute(
            "INSERT INTO webhook_secret (workspace_id, id, sealed, beginning) VALUES (%s, %s, '', %s)",
            (side.workspace.pk, side.ids["secret"], side.marker),
        )
        conn.execute(
            "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, channel, class,"
            " address, state, subject, body_text, decided_at, settled_at) VALUES (5, %s, %s, 5, 1, %s, 1, 1, 0, 'webhook', 'webhook', 'webhook',"
            " %s, 'failed', '{}', '{}', now(), now())",
            (side.ids["call"], side.workspace.pk, side.ids["call"], f"https://{side.marker}.example/"),
        )
        side.ids["hook"] = f"hook-{side.workspace.pk}"
        note_call(
            conn,
            make_hook(conn, side.workspace.pk, side.ids["hook"]),
            datetime.now(UTC),
            json.dumps({"email": side.marker}),
            None,
        )
        side.ids["told"] = side.workspace.pk
        conn.execute(
            "INSERT INTO webhook_subscription (workspace_id, id, url, queue, names) VALUES (%s, %s, %s, 'webhook:0', ARRAY['Ping'])",
            (side.workspace.pk, side.ids["told"], f"https://{side.marker}.example/"),
        )
        conn.execute(
            "INSERT INTO webhook_failing (workspace_id, queue, host, failures, since) VALUES (%s, 'webhook:0', %s, 12, now())",
            (side.workspace.pk, f"https://{side.marker}.example"),
        )
        conn.execute(
            "INSERT INTO occasion (workspace_id, key, title, shown, blackout) VALUES (%s, %s, %s, true, false)",
            (side.workspace.pk, side.ids["occasion"], json.dumps({"en": side.marker})),
        )
        conn.execute(
            "INSERT INTO service (workspace_id, channel, provider, settings) VALUES (%s, 'sms', 'described', %s)",
            (side.workspace.pk, json.dumps({"url": f"https://{side.marker}.example/", "sender": side.marker})),
        )
        conn.execute(
            "INSERT INTO service (workspace_id, channel, provider, settings) VALUES (%s, 'email', 'smtp', %s)",
            (side.workspace.pk, json.dumps({"host": f"{side.marker}.example", "port": "587", "tls": "starttls"})),
        )
        side.ids["mail_test"] = send_service_test(
            conn, side.workspace.pk, channel="email", to="sara@people.example", text=side.marker, by=side.marker
        )
        side.ids["test"] = send_service_test(
            conn, side.workspace.pk, channel="sms", to="+989121234567", text=side.marker, by=side.marker
        )
        row = conn.execute(
            "INSERT INTO destination (workspace_id, name, kind, settings, language) VALUES (%s, %s, 'bale', %s, 'en') RETURNING id",
            (side.workspace.pk, side.marker, json.dumps({"chat": side.marker})),
        ).fetchone()
        assert row is not None
        side.ids["destination"] = row[0]
        place = read_destination(conn, side.workspace.pk, side.ids["destination"])
        assert place is not None
        (side.ids["notice_test"],) = send_test_notice(conn, place, text=side.marker, by=side.marker)
        set_cap(conn, side.workspace.pk, Cap("", side.marker[:60], 24, 1))
        given = {"url": f"https://{side.marker}.example", "secret": "a long word of ours"}
        keys = [settings.SECRET_KEY]
        side.ids["shop"] = connect_shop(
            conn, workspace_id=side.workspace.pk, system="woocommerce", given=given, keys=keys
        ).id
        write_rates(conn, side.workspace.pk, [Rate(side.ids["currency"], date(2026, 11, 22), Decimal(2))])
