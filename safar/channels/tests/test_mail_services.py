"""The e-mail services, each through the same cases."""

from __future__ import annotations

from safar.channels.provider import AccountRefused, NotNow, Refused
from safar.channels.tests import mail_server
from safar.channels.tests.mail_cases import MailCases


class TestPostmark(MailCases):
    key = "postmark"
    speak = mail_server.speak_postmark
    settings = {"server_token": "good-key"}
    secret = "server_token"
    refusals = [
        ((422, {"ErrorCode": 405, "Message": "Not allowed to send"}), AccountRefused, "credit"),
        ((422, {"ErrorCode": 400, "Message": "Sender Signature not found"}), AccountRefused, "sender"),
        (
            (422, {"ErrorCode": 406, "Message": "You tried to send to a recipient that has been marked as inactive."}),
            Refused,
            "blacklisted",
        ),
        ((422, {"ErrorCode": 300, "Message": "Invalid 'From' address: 'x'."}), AccountRefused, "sender"),
        ((503, {"ErrorCode": 100, "Message": "Maintenance"}), NotNow, "service_down"),
    ]


class TestResend(MailCases):
    key = "resend"
    speak = mail_server.speak_resend
    settings = {"api_key": "good-key"}
    knows_again = True
    refusals = [
        (
            (403, {"name": "validation_error", "message": "The shop.example domain is not verified."}),
            AccountRefused,
            "sender",
        ),
        (
            (429, {"name": "daily_quota_exceeded", "message": "You have reached your daily email sending quota."}),
            AccountRefused,
            "quota",
        ),
        ((401, {"name": "restricted_api_key", "message": "This API key is restricted"}), AccountRefused, "login"),
        ((422, {"name": "validation_error", "message": "Invalid `subject` field."}), Refused, "content"),
        ((409, {"name": "concurrent_idempotent_requests", "message": "…"}), NotNow, "service_down"),
    ]


class TestSendGrid(MailCases):
    key = "sendgrid"
    speak = mail_server.speak_sendgrid
    settings = {"api_key": "good-key"}
    refusals = [
        ((401, {"errors": [{"message": "Maximum credits exceeded", "field": None}]}), AccountRefused, "credit"),
        (
            (
                403,
                {
                    "errors": [
                        {"message": "The from address does not match a verified Sender Identity.", "field": "from"}
                    ]
                },
            ),
            AccountRefused,
            "sender",
        ),
        ((403, {"errors": [{"message": "access forbidden", "field": None}]}), AccountRefused, "login"),
        ((400, {"errors": [{"message": "The subject is required.", "field": "subject"}]}), Refused, "content"),
        ((413, {"errors": [{"message": "payload too large"}]}), Refused, "too_large"),
    ]


class TestSparkPost(MailCases):
    key = "sparkpost"
    speak = mail_server.speak_sparkpost
    settings = {"api_key": "good-key"}
    refusals = [
        (
            (
                400,
                {
                    "errors": [
                        {"message": "Invalid domain", "description": "Unconfigured Sending Domain <x>", "code": "7001"}
                    ]
                },
            ),
            AccountRefused,
            "sender",
        ),
        ((420, {"errors": [{"message": "Exceed Sending Limit (daily)", "code": "2102"}]}), AccountRefused, "quota"),
        ((403, {"errors": [{"message": "Forbidden."}]}), AccountRefused, "login"),
        ((400, {"errors": [{"message": "Message generation rejected", "code": "1902"}]}), Refused, "blacklisted"),
        ((422, {"errors": [{"message": "required field is missing", "code": "1400"}]}), Refused, "content"),
        (
            (200, {"results": {"total_rejected_recipients": 1, "total_accepted_recipients": 0, "id": "1"}}),
            Refused,
            "blacklisted",
        ),
    ]


class TestMailgun(MailCases):
    key = "mailgun"
    speak = mail_server.speak_mailgun
    settings = {"api_key": "good-key", "domain": "mail.shop.example"}
    refusals = [
        ((404, {"message": "Domain not found: mail.shop.example"}), AccountRefused, "sender"),
        ((402, {"message": "Payment required"}), AccountRefused, "credit"),
        (
            (403, {"message": "Domain mail.shop.example is not allowed to send: the account is disabled."}),
            AccountRefused,
            "credit",
        ),
        ((200, b"Mailgun Magnificent API"), AccountRefused, "settings"),
        (
            (400, {"message": "'from' parameter is not a valid address. please check documentation"}),
            AccountRefused,
            "sender",
        ),
        ((400, {"message": "Need at least one of 'text' or 'html' parameters specified"}), Refused, "content"),
    ]


class TestMailjet(MailCases):
    key = "mailjet"
    speak = mail_server.speak_mailjet
    settings = {"api_key": "account", "secret_key": "good-key"}
    secret = "secret_key"
    refusals = [
        (
            (
                400,
                {"Messages": [{"Status": "error", "Errors": [{"ErrorCode": "send-0008", "ErrorRelatedTo": ["From"]}]}]},
            ),
            AccountRefused,
            "sender",
        ),
        (
            (
                400,
                {
                    "Messages": [
                        {"Status": "error", "Errors": [{"ErrorCode": "send-0003", "ErrorRelatedTo": ["HTMLPart"]}]}
                    ]
                },
            ),
            Refused,
            "content",
        ),
        ((401, {"StatusCode": 401, "ErrorMessage": "suspended"}), AccountRefused, "login"),
    ]


class TestBrevo(MailCases):
    key = "brevo"
    speak = mail_server.speak_brevo
    settings = {"api_key": "good-key"}
    refusals = [
        (
            (
                401,
                {
                    "code": "unauthorized",
                    "message": "We have detected you are using an unrecognised IP address 1.2.3.4.",
                },
            ),
            AccountRefused,
            "address",
        ),
        ((402, {"code": "not_enough_credits", "message": "Insufficient credits"}), AccountRefused, "credit"),
        (
            (
                400,
                {
                    "code": "invalid_parameter",
                    "message": "Sending has been rejected because the sender you used x is not valid.",
                },
            ),
            AccountRefused,
            "sender",
        ),
        ((400, {"code": "missing_parameter", "message": "subject is missing"}), Refused, "content"),
        ((429, {"code": "too_many_requests", "message": "…"}), AccountRefused, "quota"),
    ]


class TestAmazonSes(MailCases):
    key = "amazon_ses"
    speak = mail_server.speak_amazon_ses
    settings = {"access_key": "good-key", "secret_key": "s", "configuration_set": "safar"}
    secret = "access_key"
    refusals = [
        (
            (
                400,
                {"message": "Email address is not verified. The following identities failed: shop@shop.example"},
                {"x-amzn-ErrorType": "MessageRejected"},
            ),
            AccountRefused,
            "sender",
        ),
        ((400, {"message": "Email is blocked"}, {"x-amzn-ErrorType": "MessageRejected"}), Refused, "content"),
        (
            (400, {"message": "Account is paused"}, {"x-amzn-ErrorType": "SendingPausedException"}),
            AccountRefused,
            "credit",
        ),
        (
            (429, {"message": "Maximum sending rate exceeded."}, {"x-amzn-ErrorType": "TooManyRequestsException"}),
            AccountRefused,
            "quota",
        ),
        (
            (404, {"message": "Configuration set <safar> does not exist."}, {"x-amzn-ErrorType": "NotFoundException"}),
            AccountRefused,
            "settings",
        ),
        (
            (
                403,
                {"message": "is not authorized to perform: ses:SendEmail"},
                {"x-amzn-ErrorType": "AccessDeniedException"},
            ),
            AccountRefused,
            "login",
        ),
    ]

    def test_the_configuration_set_goes_along(self, line, server):
        line.hand_over(self.parcel())
        assert '"ConfigurationSetName": "safar"' in server.asked[-1].body

    def test_the_region_is_one(self):
        from safar.lib.faults import Faults

        for region, places in (
            ("eu-central-1", []),
            ("us-gov-east-1", []),
            ("evil.example/?", ["region"]),
            ("", ["region"]),
        ):
            faults = Faults()
            self.provider.check({"region": region}, faults)
            assert [one.place for one in faults] == places, region
