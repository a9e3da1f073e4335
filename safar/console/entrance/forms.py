"""The form of the sign-in: allauth's, without placeholders that repeat the labels, and with a way back only where mail goes out."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from safar.console.post import can_mail


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]  # allauth has no types
    """login (the e-mail address), password, remember."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        link = format_html('<a href="{}">{}</a>', reverse("account_reset_password"), _("Forgot your password?"))
        self.fields["password"].help_text = link if can_mail() else ""
