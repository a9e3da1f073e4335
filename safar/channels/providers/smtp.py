"""E-mail by an SMTP server: the installation's (``SAFAR_EMAIL_URL``), or one of a workspace's own."""

from __future__ import annotations

from collections.abc import Mapping

from safar.channels.fields import Field
from safar.channels.mail.compose import is_domain
from safar.channels.mail.smtp_line import Server, SmtpLine, read_url
from safar.channels.provider import Line, Own, Provider
from safar.channels.settings import Sending
from safar.lib.faults import Faults, said
from safar.lib.outward import choose_address


class Smtp(Provider):
    key = "smtp"
    label = {"en": "SMTP server", "fa": "سرور SMTP"}
    channels = frozenset(("email", "notice"))
    signs = True  # nobody signs after us
    fields = (
        Field(
            name="host",
            label={"en": "Server", "fa": "سرور"},
            help={"en": "Such as `mail.shop.example`.", "fa": "مانند `mail.shop.example`."},
            longest=253,
        ),
        Field(
            name="port",
            label={"en": "Port", "fa": "درگاه"},
            help={
                "en": "`587` with STARTTLS, `465` with TLS from the first byte.",
                "fa": "`587` با STARTTLS، `465` با TLS از نخستین بایت.",
            },
            default="587",
            longest=5,
        ),
        Field(
            name="tls",
            label={"en": "Encryption", "fa": "رمزگذاری"},
            choices={
                "starttls": {"en": "STARTTLS", "fa": "STARTTLS"},
                "ssl": {"en": "TLS from the first byte", "fa": "TLS از نخستین بایت"},
            },
            default="starttls",
        ),
        Field(name="user", label={"en": "User", "fa": "نام کاربری"}, required=False),
        Field(name="password", label={"en": "Password", "fa": "گذرواژه"}, secret=True, required=False),
    )

    def carries(self, sending: Sending) -> bool:
        return bool(sending.email_url)

    def check(self, settings: Mapping[str, str], faults: Faults) -> None:
        if not is_domain(settings["host"]):
            faults.at("host").add(said("has to be the name of a server, such as mail.shop.example"))
        port = settings["port"]
        if not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
            faults.at("port").add(said("has to be a number of at most 65535"))
        if settings["password"] and not settings["user"]:
            faults.at("user").add(said("is missing"))

    def open(self, sending: Sending) -> Line:
        if not sending.email_url:
            raise ValueError("SAFAR_EMAIL_URL is not set")
        return SmtpLine(read_url(sending.email_url))

    def open_own(self, sending: Sending, own: Own, settings: Mapping[str, str]) -> Line:
        given = Server(
            host=settings["host"],
            port=int(settings["port"]),
            tls=settings["tls"],
            user=settings["user"] or None,
            password=settings["password"] or None,
        )
        return SmtpLine(given, choose=choose_address)
