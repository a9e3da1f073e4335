"""Shopify: webhooks of a custom app, signed with its client secret; the same bodies come from the REST Admin API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from safar.channels.fields import Field
from safar.lib.faults import Faults, said
from safar.shops.asking import Asker
from safar.shops.body import Part
from safar.shops.system import Headers, Page, System
from safar.shops.systems import shopify_fetch as fetch
from safar.shops.systems import shopify_orders as orders
from safar.shops.systems import shopify_others as others

DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")


class Shopify(System):
    key = "shopify"
    label: ClassVar = {"en": "Shopify", "fa": "شاپیفای"}
    help: ClassVar = {
        "en": "Orders, carts, checkouts, customers with their consent, products with stock.",
        "fa": "سفارش‌ها، سبدها، تسویه‌حساب‌ها، مشتریان با رضایتشان، و محصول‌ها با موجودی.",
    }
    fields: ClassVar = (
        Field(
            name="domain",
            label={"en": "Address of the shop", "fa": "نشانی فروشگاه"},
            help={
                "en": "The one that ends in `myshopify.com`, such as `mugs-berlin.myshopify.com`.",
                "fa": "همان که به `myshopify.com` ختم می‌شود، مانند `mugs-berlin.myshopify.com`.",
            },
        ),
        Field(
            name="url",
            label={"en": "Address that customers see", "fa": "نشانی‌ای که مشتریان می‌بینند"},
            help={"en": "Such as `https://mugs.example`; empty where it is the one above.", "fa": "مانند `https://mugs.example`؛ اگر همان بالایی است خالی بگذارید."},
            required=False,
        ),
        Field(
            name="client",
            label={"en": "Client ID", "fa": "شناسهٔ برنامه (Client ID)"},
            help={"en": "Of your app in Shopify's Dev Dashboard.", "fa": "از برنامهٔ شما در Dev Dashboard شاپیفای."},
            required=False,
        ),
        Field(
            name="secret",
            label={"en": "Client secret", "fa": "کلید محرمانهٔ برنامه (Client secret)"},
            help={
                "en": "What Shopify signs its webhooks with. Of an older custom app: the `API secret key`.",
                "fa": "شاپیفای وب‌هوک‌ها را با همین امضا می‌کند. در برنامه‌های قدیمی: `API secret key`.",
            },
            secret=True,
        ),
        Field(
            name="token",
            label={"en": "Admin API access token", "fa": "توکن دسترسی Admin API"},
            help={
                "en": "Only of an older custom app (`shpat_…`). With a client ID, leave it empty.",
                "fa": "فقط برای برنامه‌های قدیمی (`shpat_…`). اگر Client ID دارید خالی بگذارید.",
            },
            secret=True,
            required=False,
        ),
    )  # fmt: skip
    steps: ClassVar = {
        "en": (
            "In Shopify: Settings → Apps → Develop apps → Dev Dashboard. Create an app, and in its version choose the scopes `read_orders`, `read_all_orders`, `read_customers`, `read_checkouts`, `read_products`, `read_inventory`, `read_fulfillments`.",
            "Install the app in your shop, and copy its client ID and client secret into this form.",
            "Save. Safar then asks Shopify for its webhooks by itself, and fetches what has been since.",
            "Without an app: Settings → Notifications → Webhooks. Make one for each topic with the address below, format JSON, and put the signing secret shown there into `Client secret`.",
        ),
        "fa": (
            "در شاپیفای: Settings ← Apps ← Develop apps ← Dev Dashboard. یک برنامه بسازید و در نسخهٔ آن دسترسی‌های `read_orders`، `read_all_orders`، `read_customers`، `read_checkouts`، `read_products`، `read_inventory` و `read_fulfillments` را انتخاب کنید.",
            "برنامه را در فروشگاه خود نصب کنید و Client ID و Client secret آن را در این فرم بگذارید.",
            "ذخیره کنید. سفر خودش وب‌هوک‌ها را از شاپیفای می‌خواهد و گذشته را می‌گیرد.",
            "بدون برنامه: Settings ← Notifications ← Webhooks. برای هر موضوع یکی با نشانی زیر و قالب JSON بسازید و کلید امضایی را که همان‌جا می‌بینید در «Client secret» بگذارید.",
        ),
    }
    topics: ClassVar = {
        **{f"orders/{what}": orders.say_order for what in ("create", "updated", "paid", "cancelled", "fulfilled", "partially_fulfilled")},
        "refunds/create": orders.say_refund,
        "order_transactions/create": orders.say_payment,
        "fulfillments/create": orders.say_fulfillment,
        "fulfillments/update": orders.say_fulfillment,
        "checkouts/create": others.say_checkout,
        "checkouts/update": others.say_checkout,
        "carts/create": others.say_cart,
        "carts/update": others.say_cart,
        **{f"customers/{what}": others.say_customer for what in ("create", "update", "enable", "disable", "marketing_consent_update")},
        "products/create": others.say_product,
        "products/update": others.say_product,
        "products/delete": others.say_product_gone,
        "inventory_levels/connect": others.say_level,
        "inventory_levels/update": others.say_level,
        "inventory_levels/disconnect": others.say_level,
        "customers/data_request": others.say_data_request,
        "customers/redact": others.say_redact,
        "shop/redact": others.say_gone,
        "app/uninstalled": others.say_gone,
    }  # fmt: skip
    topic_header = "X-Shopify-Topic"
    id_header = "X-Shopify-Webhook-Id"
    signature = "x-shopify-hmac-sha256"
    resources = fetch.RESOURCES

    def check(self, settings: Mapping[str, str], faults: Faults) -> None:
        if not DOMAIN.fullmatch(settings.get("domain", "")):
            faults.at("domain").add(said("has to end in myshopify.com"))

    def site(self, settings: Mapping[str, str]) -> str:
        return super().site(settings) or f"https://{settings.get('domain', '')}"

    def can_fetch(self, settings: Mapping[str, str]) -> bool:
        return bool(settings.get("client") or settings.get("token"))

    def opened(self, asker: Asker, settings: Mapping[str, str], address: str) -> Mapping[str, str]:
        opened = fetch.with_token(asker, settings)
        if address.startswith("https://"):
            fetch.ask_for_webhooks(asker, opened, address, self.topics)
        return opened

    def page(self, asker: Asker, settings: Mapping[str, str], resource: str, cursor: str) -> Page:
        return fetch.read_page(asker, settings, resource, cursor)

    def told_at(self, headers: Headers) -> datetime | None:
        return Part({"at": headers.get("x-shopify-triggered-at")}, Faults()).moment("at")
