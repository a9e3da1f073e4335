"""Services of our files, as a form describes them: all that Kavenegar and Twilio do, and SMS.ir's sending. {url} is the server's address."""

from __future__ import annotations

from safar.channels.tests.sms_server import ACCOUNT

KAVENEGAR = {
    "method": "POST",
    "url": "{url}/v1/{{ key }}/sms/send.json",
    "kind": "form",
    "body": "receptor={{ to_local }}&message={{ text }}&sender={{ sender }}",
    "answers": """
        accepted: return.status = 200 & entries.0.messageid > 0
        account login: return.status = 401 403
        account credit: return.status = 418
        account sender: return.status = 412
        account address: return.status = 407
        account quota: return.status = 429
        account quota: status = 429
        refused bad_address: return.status = 411
        refused too_large: return.status = 413
        refused pattern: return.status = 424 431 432
        refused content: return.status = 400
        not_now: return.status = 402 409
        not_now: status = 503
    """,
    "id_at": "entries.0.messageid",
    "pattern_url": "{url}/v1/{{ key }}/verify/lookup.json",
    "pattern_body": "receptor={{ to_local }}&template={{ pattern }}&type=sms&{{ values }}",
    "variables": "token, token2, token3: 100 no_blanks\ntoken10, token20: 100",
    "reports": """
        delivered: status = 10
        failed blacklisted: status = 14
        failed not_reached: status = 11
        failed cancelled: status = 13
        failed: status = 6
    """,
    "reports_url": "{url}/v1/{{ key }}/sms/status.json",
    "reports_body": "messageid={{ ids }}",
    "reports_at": "entries",
    "reports_id_at": "messageid",
    "inbound_url": "{url}/v1/{{ key }}/sms/receive.json",
    "inbound_body": "linenumber={{ sender }}&isread=0",
    "inbound_at": "entries",
    "credit_url": "{url}/v1/{{ key }}/account/info.json",
    "credit_body": "x=",
    "credit_at": "entries.remaincredit",
    "credit_unit": "rial",
    "key": "good-key",
    "sender": "10004346",
}

TWILIO = {
    "method": "POST",
    "url": "{url}/2010-04-01/Accounts/{{ key }}/Messages.json",
    "headers": "Authorization: Basic {{ basic }}",
    "kind": "form",
    "body": "To={{ to }}&From={{ sender }}&Body={{ text }}&StatusCallback={{ report_url }}",
    "answers": """
        accepted: status = 201
        account quota: status = 429
        account sender: code = 21606 21603 21212
        account credit: code = 30002 20005
        account login: status = 401 403
        refused bad_address: code = 21211 21214 21217 21614
        refused blacklisted: code = 21610
        refused too_large: code = 21617
        refused pattern: code = 21655 21656
        refused content: status = 400
        not_now: status = 503
    """,
    "id_at": "sid",
    "pattern_body": "To={{ to }}&From={{ sender }}&ContentSid={{ pattern }}&ContentVariables={{ values }}&StatusCallback={{ report_url }}",
    "values_as": "object",
    "reports": """
        delivered: MessageStatus = delivered read
        failed cancelled: MessageStatus = canceled
        failed blacklisted: ErrorCode = 21610 30004
        failed not_reached: ErrorCode = 30003
        failed bad_address: ErrorCode = 30005 30006
        failed filtered: ErrorCode = 30007
        failed: MessageStatus = undelivered failed
        delivered: status = delivered read
        failed cancelled: status = canceled
        failed blacklisted: error_code = 21610 30004
        failed: status = undelivered failed
    """,
    "reports_url": "{url}/2010-04-01/Accounts/{{ key }}/Messages/{{ id }}.json",
    "reports_id_at": "MessageSid",
    "inbound_url": "{url}/2010-04-01/Accounts/{{ key }}/Messages.json?To={{ sender }}",
    "inbound_at": "messages",
    "credit_url": "{url}/2010-04-01/Accounts/{{ key }}/Balance.json",
    "credit_at": "balance",
    "credit_unit": "USD",
    "key": ACCOUNT,
    "second_key": "good-key",
    "sender": "10004346",
}

SMSIR = {
    "url": "{url}/v1/send/bulk",
    "headers": "X-API-KEY: {{ key }}",
    "kind": "json",
    "body": '{"lineNumber": {{ sender }}, "messageText": "{{ text }}", "mobiles": ["{{ to_local }}"]}',
    "answers": """
        accepted: status = 200 & data.messageIds.0 > 0
        accepted: status = 200 & data.messageId > 0
        account login: status = 401
        account quota: status = 429
        refused bad_address: message ~ شماره موبایل نامعتبر است
        refused pattern: message ~ قالب یافت نشد
        not_now: status = 503
    """,
    "id_at": "data.messageIds.0 data.messageId",
    "pattern_url": "{url}/v1/send/verify",
    "pattern_body": '{"mobile": "{{ to_local }}", "templateId": {{ pattern }}, "parameters": {{ values }}}',
    "values_as": "list",
    "key": "good-key",
    "sender": "10004346",
}
