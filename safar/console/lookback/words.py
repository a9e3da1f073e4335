"""How the look back names the columns of a file, its stages, and the channels."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ROLES = {
    "order": _("order number"),
    "at": _("day or moment of the order"),
    "customer": _("number of the customer"),
    "email": _("e-mail address"),
    "phone": _("phone"),
    "name": _("name"),
    "total": _("total of the order"),
    "quantity": _("quantity of the article"),
    "price": _("price of the article"),
    "product": _("article"),
    "currency": _("currency"),
    "status": _("state of the order"),
    "refunded": _("money given back"),
    "birthday": _("birthday"),
}
STAGES = {
    "reading orders": _("Reading the orders"),
    "reading events": _("Reading the history"),
    "history": _("Going through what came before"),
    "walking": _("Walking people through the journeys"),
}
CHANNELS = {"email": _("e-mails"), "sms": _("SMS")}
