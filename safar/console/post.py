"""Mail of the house itself: a forgotten password, an invitation. Messages of journeys go by the dispatcher."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from safar.channels.mail.smtp_line import read_url


class HouseMail(EmailBackend):
    """By SAFAR_EMAIL_URL; where it is not set nothing is sent, and pages show links to copy instead."""

    def __init__(self, fail_silently: bool = False, **_kwargs: Any) -> None:
        self.url: str | None = settings.SAFAR.email_url
        server = read_url(self.url or "smtp://localhost")
        super().__init__(
            host=server.host,
            port=server.port,
            username=server.user or "",
            password=server.password or "",
            use_tls=server.tls == "starttls",
            use_ssl=server.tls == "ssl",
            timeout=20,
            fail_silently=fail_silently,
        )

    def send_messages(self, email_messages: Any) -> int:
        return super().send_messages(email_messages) or 0 if self.url else 0


def can_mail() -> bool:
    """Whether mail of the house reaches anybody."""
    return bool(settings.SAFAR.email_url)


def send(to: str, subject: str, body: str) -> None:
    """One plain message. Raises smtplib.SMTPException and OSError."""
    EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [to]).send()
