"""Amazon SES, API v2 (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html): the finished message goes as it is.

The call is signed by botocore and made like all others: boto3's own client hides what had left when something broke.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from safar.channels.fields import Field
from safar.channels.mail.events import MailEvent
from safar.channels.mail.service import MailLine, MailService
from safar.channels.mail.signed_calls import check_sns, confirm_sns
from safar.channels.provider import Line, Own, Parcel, Verdict
from safar.channels.services.http_line import read_json
from safar.channels.settings import Sending
from safar.lib.calls import Answered, Call
from safar.lib.faults import Faults, said

_REGION = re.compile(r"[a-z]{2}(-[a-z]+){1,2}-\d")


class SesLine(MailLine):
    def call_for(self, payload: Any, parcel: Parcel) -> Call:
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        payload.finalize_payload()
        asked = dict(payload.params)
        asked["Content"] = {"Raw": {"Data": base64.b64encode(asked["Content"]["Raw"]["Data"]).decode()}}
        given, url = self.settings, f"{self.service.url(self.settings)}/v2/email/outbound-emails"
        request = AWSRequest("POST", url, {"Content-Type": "application/json"}, json.dumps(asked).encode())
        credentials = Credentials(given["access_key"], given["secret_key"])
        SigV4Auth(credentials, "ses", given["region"]).add_auth(request)
        signed = request.prepare()
        return Call("POST", signed.url, dict(signed.headers.items()), signed.body)

    def judge(self, answer: Answered) -> Verdict:
        """An error's name stands in a header: the rules find it as ``type``."""
        name = answer.headers.get("x-amzn-errortype", "").partition(":")[0]
        found = read_json(answer)
        if name and isinstance(found, dict):
            answer = Answered(answer.status, answer.headers, json.dumps({"type": name, **found}).encode())
        return super().judge(answer)

    def read_statuses(self, answer: Answered) -> Mapping[str, Any]:
        statuses: Mapping[str, Any] = self._backend.parse_recipient_status(read_json(answer), self._payload, None)
        return statuses


class AmazonSes(MailService):
    key = "amazon_ses"
    label = {"en": "Amazon SES", "fa": "آمازون (Amazon SES)"}
    backend = "anymail.backends.amazon_ses.EmailBackend"
    webhook = "anymail.webhooks.amazon_ses.AmazonSESTrackingWebhookView"
    reporting = {
        "en": "In the same region: make an SNS topic (Standard) to which SES may publish, subscribe this address to it (HTTPS, raw message delivery off; the subscription confirms itself), and let the configuration set publish to it: delivery, bounce, complaint, reject.",
        "fa": "در همان منطقه: یک موضوع (topic، از نوع Standard) در SNS بسازید که SES اجازهٔ نوشتن در آن دارد، این نشانی را مشترک آن کنید (HTTPS، بدون raw message delivery؛ اشتراک خودش تأیید می‌شود) و بگذارید مجموعهٔ پیکربندی رویدادهای delivery، bounce، complaint و reject را به آن بفرستد.",
    }
    base = "https://email.{region}.amazonaws.com"
    rules = """
        account login: type = UnrecognizedClientException InvalidSignatureException InvalidClientTokenId MissingAuthenticationTokenException
        account login: type = IncompleteSignature AccessDeniedException ExpiredTokenException SignatureDoesNotMatch
        account credit: type = AccountSuspendedException SendingPausedException
        account quota: type = TooManyRequestsException LimitExceededException ThrottlingException Throttling
        account sender: type = MailFromDomainNotVerifiedException
        account sender: type = MessageRejected & message ~ not verified
        refused content: type = MessageRejected
        account settings: type = NotFoundException
        refused bad_address: type = BadRequestException & message ~ address
        refused bad_address: type = BadRequestException & message ~ domain name
        refused too_large: type = BadRequestException & message ~ length
        not_now: type = InternalFailure InternalServiceError ServiceUnavailable
    """
    fields = (
        Field(
            name="access_key",
            label={"en": "Access key ID", "fa": "شناسهٔ کلید (Access key ID)"},
            help={
                "en": "Of an IAM user that may `ses:SendEmail` and `ses:SendRawEmail` and nothing else. Not the SMTP credentials of SES: those are another pair.",
                "fa": "از یک کاربر IAM که تنها اجازهٔ `ses:SendEmail` و `ses:SendRawEmail` دارد. نام و رمز SMTP در SES چیز دیگری است.",
            },
            longest=128,
        ),
        Field(
            name="secret_key", label={"en": "Secret access key", "fa": "کلید محرمانه (Secret access key)"}, secret=True
        ),
        Field(
            name="region",
            label={"en": "Region", "fa": "منطقه (Region)"},
            help={"en": "Such as `eu-central-1` (Frankfurt).", "fa": "مانند `eu-central-1` (فرانکفورت)."},
            default="eu-central-1",
            longest=30,
        ),
        Field(
            name="configuration_set",
            label={"en": "Configuration set", "fa": "مجموعهٔ پیکربندی (Configuration set)"},
            help={
                "en": "The one whose events go to SNS, and from there here. Without it nothing is known of bounces.",
                "fa": "همان که رویدادهایش به SNS و از آن‌جا به این نشانی می‌رسد. بدون آن از برگشتی‌ها خبری نمی‌رسد.",
            },
            required=False,
            longest=64,
        ),
    )

    def check(self, settings: Mapping[str, str], faults: Faults) -> None:
        if not _REGION.fullmatch(settings["region"]):
            faults.at("region").add(said("has to be the name of a region, such as eu-central-1"))

    def url(self, settings: Mapping[str, str]) -> str:
        return self.base.format(region=settings["region"])

    def settings_for(self, settings: Mapping[str, str]) -> dict[str, Any]:
        return {"configuration_set_name": settings["configuration_set"] or None}

    def open_own(self, sending: Sending, own: Own, settings: Mapping[str, str]) -> Line:
        return SesLine(self, settings)

    def is_hard(self, said: Mapping[str, Any]) -> bool:
        bounce = said.get("bounce")
        return isinstance(bounce, Mapping) and bounce.get("bounceType") == "Permanent"

    def proof(self, settings: Mapping[str, str]) -> dict[str, Any] | None:
        return {"auto_confirm_sns_subscriptions": False}

    def hear_events(self, settings: Mapping[str, str], request: HttpRequest) -> list[MailEvent]:
        """SNS signs every call. The first one asks to be confirmed, by an address of Amazon's own."""
        message = check_sns(request)
        if message.get("Type") == "SubscriptionConfirmation":
            confirm_sns(message)
            return []
        return super().hear_events(settings, request)
