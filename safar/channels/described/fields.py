"""The form in which a service is described: what it is asked about messages, and in parts that may stay empty about patterns, reports, texts that come in, and money."""

from __future__ import annotations

from safar.channels.fields import Field

PATTERNS = {"en": "Approved patterns", "fa": "الگوهای تأییدشده"}
REPORTS = {"en": "Delivery reports", "fa": "گزارش تحویل"}
INBOUND = {"en": "Incoming texts", "fa": "پیامک‌های دریافتی"}
CREDIT = {"en": "Credit", "fa": "اعتبار"}
_ADDRESS = {"en": "Address", "fa": "نشانی"}
_BODY = {"en": "Body", "fa": "بدنه"}
_ASKED = {
    "en": "Empty: the service is not asked. The headers are those above; with a body it is asked by POST, without by GET.",
    "fa": "خالی: از سرویس پرسیده نمی‌شود. سرآیندها همان سرآیندهای بالاست؛ با بدنه به روش POST و بدون آن به روش GET پرسیده می‌شود.",
}

MESSAGE_FIELDS = (
    Field(
        name="method",
        label={"en": "Method", "fa": "روش"},
        choices={"POST": {"en": "POST", "fa": "POST"}, "GET": {"en": "GET", "fa": "GET"}},
        default="POST",
    ),
    Field(
        name="url",
        label=_ADDRESS,
        help={
            "en": "Such as `https://api.example.com/send`. Variables: `{{ to }}` (as `+98912…`), `{{ to_local }}` (`0912…`), "
            "`{{ to_digits }}` (`98912…`), `{{ text }}`, `{{ sender }}`, `{{ number }}` (the same at every attempt), `{{ key }}`, "
            "`{{ second_key }}`, `{{ basic }}` (both keys, for Basic login).",
            "fa": "مانند `https://api.example.com/send`. متغیرها: `{{ to }}` (به شکل `+98912…`)، `{{ to_local }}` (`0912…`)، "
            "`{{ to_digits }}` (`98912…`)، `{{ text }}`، `{{ sender }}`، `{{ number }}` (در هر تلاش همان)، `{{ key }}`، "
            "`{{ second_key }}`، `{{ basic }}` (هر دو کلید، برای ورود Basic).",
        },
        longest=2000,
    ),
    Field(
        name="headers",
        label={"en": "Headers", "fa": "سرآیندها"},
        help={"en": "One on each line: `Name: value`.", "fa": "هر کدام در یک سطر: `Name: value`."},
        required=False,
        lines=3,
        longest=2000,
    ),
    Field(
        name="kind",
        label={"en": "The body is", "fa": "نوع بدنه"},
        choices={
            "form": {"en": "a form (a=b&c=d)", "fa": "فرم (a=b&c=d)"},
            "json": {"en": "JSON", "fa": "JSON"},
            "text": {"en": "text", "fa": "متن"},
        },
        default="form",
    ),
    Field(
        name="body",
        label=_BODY,
        help={
            "en": "Variables are escaped as the kind of body asks for.",
            "fa": "متغیرها به شیوهٔ همان نوع بدنه نوشته می‌شوند.",
        },
        required=False,
        lines=5,
        longest=5000,
    ),
    Field(
        name="answers",
        label={"en": "What answers mean", "fa": "معنای پاسخ‌ها"},
        help={
            "en": "One rule on each line; the first that holds decides: `accepted: return.status = 200`, `refused bad_address: code = 411`, "
            "`account credit: code = 418`, `not_now: status = 500 503`. A place is `status` (HTTP), `text`, or a path into the JSON.",
            "fa": "هر سطر یک قاعده؛ نخستین قاعده‌ای که درست باشد تعیین می‌کند: `accepted: return.status = 200`، `refused bad_address: code = 411`، "
            "`account credit: code = 418`، `not_now: status = 500 503`. جای مقدار یا `status` (HTTP) است، یا `text`، یا مسیری در JSON.",
        },
        lines=8,
        longest=5000,
    ),
    Field(
        name="id_at",
        label={"en": "Where its number for the message stands", "fa": "جای شمارهٔ پیام در پاسخ"},
        help={
            "en": "Such as `entries.0.messageid` or `text`. Of several places, with blanks between, the first that has something.",
            "fa": "مانند `entries.0.messageid` یا `text`. از چند جا که با فاصله جدا شده‌اند، نخستین جایی که چیزی دارد.",
        },
        required=False,
        longest=100,
    ),
    Field(name="sender", label={"en": "Sender", "fa": "فرستنده"}, required=False, longest=34),
    Field(name="key", label={"en": "Key", "fa": "کلید"}, secret=True, required=False, longest=1000),
    Field(
        name="second_key",
        label={"en": "Second key, or password", "fa": "کلید دوم یا گذرواژه"},
        secret=True,
        required=False,
        longest=1000,
    ),
)
PATTERN_FIELDS = (
    Field(
        name="pattern_url",
        label=_ADDRESS,
        help={
            "en": "Empty: the address of messages. By the same method, with the same headers; its answers mean the same.",
            "fa": "خالی: همان نشانی پیام‌ها. با همان روش و همان سرآیندها؛ معنای پاسخ‌ها هم همان است.",
        },
        section=PATTERNS,
        required=False,
        longest=2000,
    ),
    Field(
        name="pattern_body",
        label=_BODY,
        help={
            "en": "`{{ pattern }}` is the code, `{{ values }}` all variables: `template={{ pattern }}&{{ values }}`. Empty, with the address: the service takes no patterns.",
            "fa": "`{{ pattern }}` کد الگوست و `{{ values }}` همهٔ متغیرها: `template={{ pattern }}&{{ values }}`. اگر این و نشانی خالی باشند، سرویس الگو نمی‌پذیرد.",
        },
        section=PATTERNS,
        required=False,
        lines=3,
        longest=5000,
    ),
    Field(
        name="values_as",
        label={"en": "Variables are written as", "fa": "متغیرها این‌گونه نوشته می‌شوند"},
        choices={
            "fields": {"en": "fields: name=Sara&code=1001", "fa": "فیلدها: name=Sara&code=1001"},
            "object": {"en": 'an object: {"name": "Sara"}', "fa": 'شیء: {"name": "Sara"}'},
            "list": {
                "en": 'a list: [{"name": "name", "value": "Sara"}]',
                "fa": 'فهرست: [{"name": "name", "value": "Sara"}]',
            },
            "joined": {"en": "values alone: Sara;1001", "fa": "فقط مقدارها: Sara;1001"},
        },
        default="fields",
        section=PATTERNS,
        required=False,
    ),
    Field(
        name="variables",
        label={"en": "Variables and their limits", "fa": "متغیرها و محدودیت‌هایشان"},
        help={
            "en": "One line for those with the same limits: `token, token2: 100 no_blanks`. The number is the most characters of a value. Empty: any variables.",
            "fa": "هر سطر برای متغیرهایی با محدودیت یکسان: `token, token2: 100 no_blanks`. عدد، بیشترین تعداد نویسهٔ مقدار است. خالی: هر متغیری.",
        },
        section=PATTERNS,
        required=False,
        lines=3,
        longest=1000,
    ),
)
REPORT_FIELDS = (
    Field(
        name="reports",
        label={"en": "What reports mean", "fa": "معنای گزارش‌ها"},
        help={
            "en": "Rules as above, of the entry or of the call: `delivered: status = 10`, `failed blacklisted: status = 14`, `failed: status = 6 11`. Whatever no rule names is under way. "
            "A service that calls is given `{{ report_url }}` with each message (in the body above); it needs nothing else here.",
            "fa": "قاعده‌هایی مانند بالا، دربارهٔ هر مورد یا هر فراخوانی: `delivered: status = 10`، `failed blacklisted: status = 14`، `failed: status = 6 11`. هر چه قاعده‌ای نام نبرد در راه است. "
            "سرویسی که خودش فراخوانی می‌کند، با هر پیام `{{ report_url }}` را می‌گیرد (در بدنهٔ بالا) و چیز دیگری اینجا نمی‌خواهد.",
        },
        section=REPORTS,
        required=False,
        lines=5,
        longest=2000,
    ),
    Field(
        name="reports_url",
        label=_ADDRESS,
        help={
            "en": "`{{ ids }}` are the service's numbers of up to 100 messages, with commas between; `{{ id }}` is one. "
            + _ASKED["en"],
            "fa": "`{{ ids }}` شمارهٔ سرویس برای حداکثر ۱۰۰ پیام است با ویرگول لاتین میان آن‌ها؛ `{{ id }}` یک شماره است. "
            + _ASKED["fa"],
        },
        section=REPORTS,
        required=False,
        longest=2000,
    ),
    Field(name="reports_body", label=_BODY, section=REPORTS, required=False, lines=2, longest=5000),
    Field(
        name="reports_at",
        label={"en": "Where the reports stand", "fa": "جای گزارش‌ها در پاسخ"},
        help={"en": "Such as `entries`. Empty: the whole answer.", "fa": "مانند `entries`. خالی: کل پاسخ."},
        section=REPORTS,
        required=False,
        longest=100,
    ),
    Field(
        name="reports_id_at",
        label={"en": "Where the message's number stands in a report", "fa": "جای شمارهٔ پیام در هر گزارش"},
        help={"en": "Such as `messageid`.", "fa": "مانند `messageid`."},
        section=REPORTS,
        required=False,
        longest=100,
    ),
)
INBOUND_FIELDS = (
    Field(name="inbound_url", label=_ADDRESS, help=_ASKED, section=INBOUND, required=False, longest=2000),
    Field(name="inbound_body", label=_BODY, section=INBOUND, required=False, lines=2, longest=5000),
    Field(
        name="inbound_at",
        label={"en": "Where the texts stand", "fa": "جای پیامک‌ها در پاسخ"},
        help={
            "en": "Such as `entries`. Of each are read its from, to, text, id and date (or sender, receptor, message, messageid …).",
            "fa": "مانند `entries`. از هر کدام from، to، text، id و date خوانده می‌شود (یا sender، receptor، message، messageid و مانند آن).",
        },
        section=INBOUND,
        required=False,
        longest=100,
    ),
)
CREDIT_FIELDS = (
    Field(name="credit_url", label=_ADDRESS, help=_ASKED, section=CREDIT, required=False, longest=2000),
    Field(name="credit_body", label=_BODY, section=CREDIT, required=False, lines=2, longest=5000),
    Field(
        name="credit_at",
        label={"en": "Where the amount stands", "fa": "جای مبلغ در پاسخ"},
        help={"en": "Such as `entries.remaincredit` or `text`.", "fa": "مانند `entries.remaincredit` یا `text`."},
        section=CREDIT,
        required=False,
        longest=100,
    ),
    Field(
        name="credit_unit",
        label={"en": "Its unit", "fa": "واحد آن"},
        help={
            "en": "`rial`, `toman`, `parts` (of an SMS), or a currency such as `EUR`.",
            "fa": "`rial`، `toman`، `parts` (بخش پیامک) یا واحد پولی مانند `EUR`.",
        },
        section=CREDIT,
        required=False,
        longest=10,
    ),
)
FIELDS = (*MESSAGE_FIELDS, *PATTERN_FIELDS, *REPORT_FIELDS, *INBOUND_FIELDS, *CREDIT_FIELDS)
