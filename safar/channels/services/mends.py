"""What a team has to do about an account that is refused, in words: of the installation's mail server, and of a workspace's own service."""

from __future__ import annotations

from collections.abc import Mapping

MENDS: Mapping[str, Mapping[str, str]] = {
    "login": {
        "en": "The mail server refuses our login. Check user and password in SAFAR_EMAIL_URL.",
        "fa": "سرور ایمیل ورود ما را نمی‌پذیرد. نام کاربری و گذرواژه را در SAFAR_EMAIL_URL بررسی کنید.",
    },
    "credit": {
        "en": "The account at the mail service is blocked or out of credit. Settle it with the service.",
        "fa": "حساب شما در سرویس ایمیل مسدود شده یا اعتبار ندارد. آن را با سرویس‌دهنده حل کنید.",
    },
    "sender": {
        "en": "The mail server does not accept our sender address. Verify the address or domain with the service, or change the sender.",
        "fa": "سرور ایمیل نشانی فرستنده را نمی‌پذیرد. نشانی یا دامنه را نزد سرویس‌دهنده تأیید کنید یا فرستنده را عوض کنید.",
    },
    "quota": {
        "en": "The sending quota of the account is used up. Sending goes on when it is renewed; a larger plan or a lower rate helps.",
        "fa": "سهمیهٔ ارسال حساب تمام شده است. با تمدید سهمیه ارسال ادامه می‌یابد؛ طرح بزرگ‌تر یا سرعت کمتر کمک می‌کند.",
    },
    "unreachable": {
        "en": "The mail server cannot be reached. Check its host and port in SAFAR_EMAIL_URL, and the network.",
        "fa": "سرور ایمیل در دسترس نیست. میزبان و درگاه را در SAFAR_EMAIL_URL و شبکه را بررسی کنید.",
    },
    "tls": {
        "en": "No encrypted connection to the mail server comes about. Check its certificate and tls= in SAFAR_EMAIL_URL.",
        "fa": "اتصال رمزگذاری‌شده به سرور ایمیل برقرار نمی‌شود. گواهی آن و tls= را در SAFAR_EMAIL_URL بررسی کنید.",
    },
    "settings": {
        "en": "The settings for sending are not enough: see SAFAR_EMAIL_URL, SAFAR_EMAIL_FROM and SAFAR_PUBLIC_URL (https).",
        "fa": "تنظیمات ارسال کافی نیست: SAFAR_EMAIL_URL، SAFAR_EMAIL_FROM و SAFAR_PUBLIC_URL (با https) را ببینید.",
    },
}

# Of a workspace's own service: its people mend it on the page Settings → SMS service.
OWN_MENDS: Mapping[str, Mapping[str, str]] = {
    "login": {
        "en": "The SMS service does not accept the key. Enter it again under Settings → SMS service.",
        "fa": "سرویس پیامک کلید را نمی‌پذیرد. آن را در «تنظیمات ← سرویس پیامک» دوباره وارد کنید.",
    },
    "credit": {
        "en": "The account at the SMS service is out of credit. Charge it there; sending goes on by itself.",
        "fa": "اعتبار حساب شما در سرویس پیامک تمام شده است. آن را شارژ کنید؛ ارسال خودش ادامه می‌یابد.",
    },
    "sender": {
        "en": "The SMS service does not let this account send from this line. Check the sender under Settings → SMS service.",
        "fa": "سرویس پیامک ارسال از این خط را برای حساب شما مجاز نمی‌داند. خط فرستنده را در «تنظیمات ← سرویس پیامک» بررسی کنید.",
    },
    "address": {
        "en": "The SMS service does not accept this server's IP address. Allow it in the service's panel.",
        "fa": "سرویس پیامک نشانی IP این سرور را نمی‌پذیرد. آن را در پنل سرویس مجاز کنید.",
    },
    "quota": {
        "en": "The SMS service takes no more messages for now: too many, or too fast. Sending goes on by itself; a lower rate helps.",
        "fa": "سرویس پیامک فعلاً پیام بیشتری نمی‌پذیرد: تعداد یا سرعت زیاد است. ارسال خودش ادامه می‌یابد؛ سرعت کمتر کمک می‌کند.",
    },
    "unreachable": {
        "en": "The SMS service cannot be reached. If it lasts, check the network and the service's own notices.",
        "fa": "سرویس پیامک در دسترس نیست. اگر ادامه یافت، شبکه و اطلاعیه‌های سرویس را بررسی کنید.",
    },
    "tls": {
        "en": "No encrypted connection to the SMS service comes about. Check its address and its certificate.",
        "fa": "اتصال رمزگذاری‌شده به سرویس پیامک برقرار نمی‌شود. نشانی و گواهی آن را بررسی کنید.",
    },
    "settings": {
        "en": "What is set for the SMS service is not enough, or is wrong. See Settings → SMS service.",
        "fa": "تنظیمات سرویس پیامک کافی یا درست نیست. «تنظیمات ← سرویس پیامک» را ببینید.",
    },
}


# The same on the page Settings → E-mail service.
OWN_MAIL_MENDS: Mapping[str, Mapping[str, str]] = {
    "login": {
        "en": "The e-mail service does not accept the key. Enter it again under Settings → E-mail service.",
        "fa": "سرویس ایمیل کلید را نمی‌پذیرد. آن را در «تنظیمات ← سرویس ایمیل» دوباره وارد کنید.",
    },
    "credit": {
        "en": "The account at the e-mail service is out of credit, paused or blocked. Settle it there; sending goes on by itself.",
        "fa": "حساب شما در سرویس ایمیل اعتبار ندارد، متوقف یا مسدود است. آن را با سرویس حل کنید؛ ارسال خودش ادامه می‌یابد.",
    },
    "sender": {
        "en": "The e-mail service does not let this account send from our address. Verify the address or its domain there (Amazon SES: also leave the sandbox), or change the sender under Settings → Sending.",
        "fa": "سرویس ایمیل ارسال از نشانی فرستندهٔ ما را نمی‌پذیرد. نشانی یا دامنه را نزد سرویس تأیید کنید (در Amazon SES از sandbox هم بیرون بیایید) یا فرستنده را در «تنظیمات ← ارسال» عوض کنید.",
    },
    "address": {
        "en": "The e-mail service does not accept this server's IP address. Allow it in the service's panel.",
        "fa": "سرویس ایمیل نشانی IP این سرور را نمی‌پذیرد. آن را در پنل سرویس مجاز کنید.",
    },
    "quota": {
        "en": "The e-mail service takes no more messages for now: too many, or too fast. Sending goes on by itself; a lower rate under Settings → Sending helps.",
        "fa": "سرویس ایمیل فعلاً پیام بیشتری نمی‌پذیرد: تعداد یا سرعت زیاد است. ارسال خودش ادامه می‌یابد؛ سرعت کمتر در «تنظیمات ← ارسال» کمک می‌کند.",
    },
    "unreachable": {
        "en": "The e-mail service cannot be reached. If it lasts, check its address under Settings → E-mail service, the network, and the service's own notices.",
        "fa": "سرویس ایمیل در دسترس نیست. اگر ادامه یافت، نشانی آن در «تنظیمات ← سرویس ایمیل»، شبکه و اطلاعیه‌های سرویس را بررسی کنید.",
    },
    "tls": {
        "en": "No encrypted connection to the e-mail service comes about. Check its address, port and certificate under Settings → E-mail service.",
        "fa": "اتصال رمزگذاری‌شده به سرویس ایمیل برقرار نمی‌شود. نشانی، درگاه و گواهی آن را در «تنظیمات ← سرویس ایمیل» بررسی کنید.",
    },
    "settings": {
        "en": "What is set for the e-mail service is not enough, or is wrong. See Settings → E-mail service.",
        "fa": "تنظیمات سرویس ایمیل کافی یا درست نیست. «تنظیمات ← سرویس ایمیل» را ببینید.",
    },
}


# Of an address that webhooks call.
CALL_MENDS: Mapping[str, Mapping[str, str]] = {
    "settings": {
        "en": "An address of your webhooks does not answer. Calls to it wait, and it is asked once a minute. See Settings → Webhooks.",
        "fa": "یکی از نشانی‌های وب‌هوک شما پاسخ نمی‌دهد. فراخوانی‌های آن می‌مانند و هر دقیقه یک بار دوباره پرسیده می‌شود. «تنظیمات ← وب‌هوک‌ها» را ببینید.",
    },
    "secret": {
        "en": "A secret of your webhooks cannot be opened any more, so nothing is called. Under Settings → Webhooks make a new one and take that one back; the calls wait and go out by themselves.",
        "fa": "یکی از کلیدهای وب‌هوک‌های شما دیگر باز نمی‌شود، پس چیزی فراخوانده نمی‌شود. در «تنظیمات ← وب‌هوک‌ها» کلید تازه‌ای بسازید و آن یکی را بردارید؛ فراخوانی‌ها می‌مانند و خودشان انجام می‌شوند.",
    },
}


def mend(reason: str, *, own: str = "") -> Mapping[str, str]:
    """By language. own: the channel of a workspace's own service; empty: it is the installation's."""
    words = {"": MENDS, "email": OWN_MAIL_MENDS, "webhook": CALL_MENDS}.get(own, OWN_MENDS)
    return words.get(reason, words["settings"])
