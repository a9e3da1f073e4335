"""WooCommerce: its own webhooks, signed with their secret, or the plugin of Safar, which also tells of carts, checkouts and looks at products.

Both come to the same address and tell of orders, customers and products in the bodies of WooCommerce's REST API.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from safar.channels.fields import Field
from safar.contacts.rates import CODE
from safar.lib.faults import Faults, said
from safar.shops.asking import Asker
from safar.shops.body import Part
from safar.shops.system import Delivery, Headers, Page, System
from safar.shops.systems import woocommerce_fetch as fetch
from safar.shops.systems import woocommerce_orders as orders
from safar.shops.systems import woocommerce_site as site

PING = re.compile(rb"webhook_id=[0-9]{1,20}")
MANY = "safar.deliveries"  # topic of a request of the plugin: several deliveries
MOST = 100  # deliveries of one request


class WooCommerce(System):
    key = "woocommerce"
    label: ClassVar = {"en": "WooCommerce", "fa": "ووکامرس"}
    help: ClassVar = {
        "en": "With our plugin: orders, customers, products, carts, checkouts and what people look at. Without it, by WooCommerce's own webhooks: orders, customers and products, and no carts.",
        "fa": "با افزونهٔ ما: سفارش‌ها، مشتریان، محصول‌ها، سبدها، تسویه‌حساب‌ها و آنچه دیده می‌شود. بدون افزونه، با وب‌هوک‌های خود ووکامرس: سفارش‌ها، مشتریان و محصول‌ها، و بدون سبد خرید.",
    }
    fields: ClassVar = (
        Field(
            name="url",
            label={"en": "Address of the shop", "fa": "نشانی فروشگاه"},
            help={"en": "Such as `https://livan.example`.", "fa": "مانند `https://livan.example`."},
        ),
        Field(
            name="currency",
            label={"en": "Currency of its prices", "fa": "واحد پول قیمت‌ها"},
            help={
                "en": "As in WooCommerce's settings: `IRT` toman, `IRR` rial, `IRHT` thousand tomans, `IRHR` thousand rials, `EUR` and so on. Empty: the workspace's.",
                "fa": "همان که در تنظیمات ووکامرس است: `IRT` تومان، `IRR` ریال، `IRHT` هزار تومان، `IRHR` هزار ریال، `EUR` و مانند آن. خالی: واحد پول کسب‌وکار.",
            },
            required=False,
            longest=4,
        ),
        Field(
            name="secret",
            label={"en": "Secret", "fa": "کلید محرمانه"},
            help={
                "en": "What deliveries are signed with: a long word of your own, the same here and in the shop. Our plugin comes with it filled in.",
                "fa": "ارسال‌ها با آن امضا می‌شوند: یک عبارت بلند دلخواه که اینجا و در فروشگاه یکی باشد. افزونهٔ ما با همین کلید پرشده دانلود می‌شود.",
            },
            secret=True,
        ),
        Field(
            name="consumer_key",
            label={"en": "Consumer key", "fa": "Consumer key"},
            help={
                "en": "Only to fetch what has been: WooCommerce → Settings → Advanced → REST API, permission Read. `ck_…`",
                "fa": "فقط برای گرفتن گذشته: ووکامرس ← پیکربندی ← پیشرفته ← REST API با دسترسی خواندن. `ck_…`",
            },
            secret=True,
            required=False,
        ),
        Field(
            name="consumer_secret",
            label={"en": "Consumer secret", "fa": "Consumer secret"},
            help={"en": "Shown beside the key. `cs_…`", "fa": "کنار همان کلید دیده می‌شود. `cs_…`"},
            secret=True,
            required=False,
        ),
    )
    steps: ClassVar = {
        "en": (
            "With the plugin (carts too): download it from this page once the shop is saved, upload it in WordPress under Plugins → Add new → Upload, and activate it. Address and secret are in it already; its page WooCommerce → Safar tests the connection.",
            "Without the plugin (no carts this way): WooCommerce → Settings → Advanced → Webhooks. Make one each for `Order created`, `Order updated`, `Customer created`, `Customer updated`, `Product created`, `Product updated` and `Product deleted`, status active, version `WP REST API v3`, with the address below and the secret of this form.",
            "To fetch past orders, customers and products, make a key under WooCommerce → Settings → Advanced → REST API with permission Read, put both its parts into this form, and press “Fetch the past”.",
        ),
        "fa": (
            "با افزونه (همراه با سبد خرید): پس از ذخیرهٔ فروشگاه آن را از همین صفحه دانلود کنید، در وردپرس از افزونه‌ها ← افزودن ← بارگذاری نصب و فعال کنید. نشانی و کلید در آن هست؛ صفحهٔ ووکامرس ← سفر اتصال را آزمایش می‌کند.",
            "بدون افزونه (به این روش سبد خرید نمی‌آید): ووکامرس ← پیکربندی ← پیشرفته ← وب‌هوک‌ها. برای هر یک از `Order created`، `Order updated`، `Customer created`، `Customer updated`، `Product created`، `Product updated` و `Product deleted` یکی بسازید: وضعیت فعال، نسخهٔ `WP REST API v3`، با نشانی زیر و کلید محرمانهٔ همین فرم.",
            "برای گرفتن سفارش‌ها، مشتریان و محصول‌های گذشته، در ووکامرس ← پیکربندی ← پیشرفته ← REST API یک کلید با دسترسی خواندن بسازید، هر دو بخش آن را در این فرم بگذارید و «گرفتن گذشته» را بزنید.",
        ),
    }
    topics: ClassVar = {
        **{f"order.{what}": orders.say_order for what in ("created", "updated", "restored")},
        "refund.created": orders.say_refund,
        **{f"customer.{what}": site.say_customer for what in ("created", "updated")},
        **{f"product.{what}": site.say_product for what in ("created", "updated", "restored")},
        "product.deleted": site.say_product_gone,
        "product.viewed": site.say_look,
        "cart.updated": site.say_cart,
        "checkout.updated": site.say_checkout,
        "person.known": site.say_person,
    }
    topic_header = "X-WC-Webhook-Topic"
    id_header = "X-WC-Webhook-Delivery-Id"
    signature = "x-wc-webhook-signature"
    has_plugin = True
    resources = fetch.RESOURCES

    def check(self, settings: Mapping[str, str], faults: Faults) -> None:
        try:
            parts = urlsplit(settings["url"])
        except ValueError:
            parts = urlsplit("")
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.query
            or parts.fragment
            or parts.username
        ):
            faults.at("url").add(said("has to be an address such as https://shop.example"))
        if settings.get("currency") and not CODE.fullmatch(settings["currency"].upper()):
            faults.at("currency").add(said("has to be a currency code such as EUR"))
        if len(settings["secret"]) < 12:
            faults.at("secret").add(said("has to be at least %(number)s characters", number=12))

    def can_fetch(self, settings: Mapping[str, str]) -> bool:
        return {"consumer_key", "consumer_secret"} <= {name for name, value in settings.items() if value}

    def page(self, asker: Asker, settings: Mapping[str, str], resource: str, cursor: str) -> Page:
        return fetch.read_page(asker, settings, resource, cursor)

    def is_greeting(self, headers: Headers, body: bytes) -> bool:
        return self.signature not in headers and bool(PING.fullmatch(body))

    def deliveries(self, headers: Headers, body: Any, faults: Faults) -> list[Delivery]:
        told = super().deliveries(headers, body, faults)
        if told[0].topic != MANY or faults:
            return told
        listed = body.get("deliveries")
        if not isinstance(listed, list) or len(listed) > MOST:
            faults.at("deliveries").add(said("has to be a list of at most %(number)s", number=MOST))
            return []
        found = []
        for number, one in enumerate(listed):
            part = Part(one, faults.at("deliveries", number))
            found.append(Delivery(part.text("id"), part.id("topic"), part.value.get("body"), part.moment("at")))
        return found
