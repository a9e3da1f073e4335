"""A form was filled in."""

from __future__ import annotations

from safar.journeys.hearing import WHERE, Ask, Hearing, optional


class FormSubmitted(Hearing):
    key = "form_submitted"
    icon = "forms"
    label = {"en": "Form submitted", "fa": "پر کردن فرم"}
    help = {
        "en": "A form of the website has been sent: any, or the one of this key. What was filled in comes along.",
        "fa": "فرمی از وب‌سایت فرستاده شد: هر فرمی، یا فرمی با این کلید. آنچه پر شده همراه مخاطب می‌آید.",
    }
    parameters = (optional("form", "text", ("Form", "فرم"), ("The form's key.", "کلید فرم.")), WHERE)
    example = {"form": "newsletter"}
    names = ("form_submitted",)
    asks = {"form": Ask("form", "is", "the form {}", "فرم {}")}
    said = ("sent a form", "فرمی را پر کرد")
