"""Who did what: the audit log, newest first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from safar.accounts.models import AuditEntry
from safar.console.access import ConsoleRequest, needs

ROWS = 50
ACTIONS = {
    "create_workspace": gettext_lazy("made the workspace"),
    "update_workspace": gettext_lazy("changed settings"),
    "create_key": gettext_lazy("made a key"),
    "revoke_key": gettext_lazy("revoked a key"),
    "invite": gettext_lazy("invited somebody"),
    "accept_invitation": gettext_lazy("accepted an invitation"),
    "withdraw_invitation": gettext_lazy("withdrew an invitation"),
    "set_role": gettext_lazy("changed a role"),
    "remove_member": gettext_lazy("removed a member"),
    "set_sender": gettext_lazy("changed a sender"),
    "set_quiet": gettext_lazy("set quiet hours"),
    "drop_quiet": gettext_lazy("took quiet hours away"),
    "set_cap": gettext_lazy("set a cap on messages"),
    "drop_cap": gettext_lazy("took a cap on messages away"),
    "set_budget": gettext_lazy("set the SMS budget"),
    "register_webhook": gettext_lazy("told an e-mail service where to report"),
    "set_service": gettext_lazy("changed a service that carries messages"),
    "remove_service": gettext_lazy("took a service away"),
    "test_service": gettext_lazy("tried a service"),
    "make_webhook_secret": gettext_lazy("made a secret for webhooks"),
    "drop_webhook_secret": gettext_lazy("took back a secret of webhooks"),
    "make_hook": gettext_lazy("made a hook"),
    "change_hook": gettext_lazy("changed a hook"),
    "renew_hook": gettext_lazy("gave a hook another address"),
    "drop_hook": gettext_lazy("took a hook away"),
    "set_webhook_address": gettext_lazy("changed an address that is told of events"),
    "drop_webhook_address": gettext_lazy("took an address away that was told of events"),
    "ask_webhook_address": gettext_lazy("had a silent address called again"),
    "call_webhook_again": gettext_lazy("called a webhook again"),
    "add_destination": gettext_lazy("added a destination of notices"),
    "change_destination": gettext_lazy("changed a destination of notices"),
    "pause_destination": gettext_lazy("paused a destination of notices"),
    "resume_destination": gettext_lazy("resumed a destination of notices"),
    "remove_destination": gettext_lazy("took a destination of notices away"),
    "test_destination": gettext_lazy("sent a test notice"),
    "set_occasion": gettext_lazy("changed an occasion"),
    "add_occasion": gettext_lazy("added an occasion"),
    "remove_occasion": gettext_lazy("removed an occasion"),
    "connect_shop": gettext_lazy("connected a shop"),
    "change_shop": gettext_lazy("changed a shop's connection"),
    "fetch_shop": gettext_lazy("had a shop's past fetched"),
    "disconnect_shop": gettext_lazy("disconnected a shop"),
    "download_plugin": gettext_lazy("downloaded the plugin for a shop"),
    "set_tracking": gettext_lazy("changed what is tracked"),
    "set_key_sites": gettext_lazy("changed which sites may send"),
    "save_form": gettext_lazy("changed a form"),
    "delete_form": gettext_lazy("deleted a form"),
    "look_back": gettext_lazy("looked back on a year of orders"),
    "make_dkim_key": gettext_lazy("made a key to sign e-mail with"),
    "remove_dkim_key": gettext_lazy("took the key away that e-mail was signed with"),
    "apply_journey": gettext_lazy("brought a journey from a file"),
    "archive_journey": gettext_lazy("archived a journey"),
    "backtest_journey": gettext_lazy("tried a draft on the past"),
    "cancel_campaign": gettext_lazy("cancelled a campaign"),
    "change_campaign": gettext_lazy("changed a campaign"),
    "copy_journey": gettext_lazy("copied a journey"),
    "delete_media": gettext_lazy("deleted a picture"),
    "delete_segment": gettext_lazy("deleted a segment"),
    "delete_template": gettext_lazy("deleted a message"),
    "delete_topic": gettext_lazy("deleted a topic"),
    "edit_contact": gettext_lazy("changed a contact"),
    "erase_contact": gettext_lazy("erased a contact"),
    "download_person": gettext_lazy("downloaded everything that is kept of a contact"),
    "end_request": gettext_lazy("answered a request by right"),
    "export_consents": gettext_lazy("exported the consent record"),
    "export_person": gettext_lazy("had a file made of everything that is kept of a contact"),
    "put_down_request": gettext_lazy("put down a request by right"),
    "set_privacy": gettext_lazy("changed how long things are kept"),
    "export_contacts": gettext_lazy("exported contacts"),
    "import_contacts": gettext_lazy("imported contacts"),
    "lift_suppression": gettext_lazy("took an address off the suppression list"),
    "make_campaign": gettext_lazy("made a campaign"),
    "make_journey": gettext_lazy("made a journey"),
    "make_template": gettext_lazy("made a message"),
    "merge_contacts": gettext_lazy("merged two contacts"),
    "move_people": gettext_lazy("moved people to the new version"),
    "pause_journey": gettext_lazy("paused a journey"),
    "publish_journey": gettext_lazy("published a journey"),
    "put_segment": gettext_lazy("changed a segment"),
    "put_template": gettext_lazy("changed a message"),
    "remove_tag": gettext_lazy("took a tag off everybody"),
    "rename_tag": gettext_lazy("gave a tag a title"),
    "restore_version": gettext_lazy("made an old version the draft"),
    "resume_journey": gettext_lazy("resumed a journey"),
    "save_template": gettext_lazy("changed a message"),
    "send_campaign": gettext_lazy("sent a campaign"),
    "store_media": gettext_lazy("uploaded a picture"),
    "test_template": gettext_lazy("sent a test message"),
    "create_member": gettext_lazy("made a member"),
    "remove_workspace": gettext_lazy("deleted a demo"),
    "resend_message": gettext_lazy("had a message in doubt sent once more"),
    "assume_sent": gettext_lazy("took a message in doubt for sent"),
    "set_rate": gettext_lazy("set an exchange rate"),
    "drop_rate": gettext_lazy("took back an exchange rate"),
}


@needs("admin")
@require_safe
def audit(request: ConsoleRequest) -> HttpResponse:
    """``settings/audit/?before=<id>``: by pages of ROWS, so that a long log costs no more than a short one."""
    rows = AuditEntry.objects.filter(workspace=request.workspace).order_by("-id")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    shown = list(rows[: ROWS + 1])
    entries = [(entry, str(ACTIONS.get(entry.action, entry.action)), _told(entry)) for entry in shown[:ROWS]]
    context = {"entries": entries, "next": shown[ROWS - 1].pk if len(shown) > ROWS else None, "tab": "audit"}
    return render(request, "console/settings/audit.html", context)


def _told(entry: AuditEntry) -> str:
    """The details on one line; never a secret, as the log has none."""
    details = entry.details if isinstance(entry.details, dict) else {"": entry.details}
    return gettext(", ").join(f"{name}: {value}" if name else str(value) for name, value in details.items())
