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
