"""Words of allauth whose Persian is too familiar for us, said again in our catalog, which goes before its own."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

AGAIN = (
    _("Please contact us if you have any trouble resetting your password."),
    _("Please type your current password."),
    _("You must type the same password each time."),
    _("Your password is now changed."),
)
