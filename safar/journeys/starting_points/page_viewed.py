"""A page of the website was looked at."""

from __future__ import annotations

from safar.journeys.hearing import WHERE, Ask, Hearing, optional


class PageViewed(Hearing):
    key = "page_viewed"
    icon = "eye"
    label = {"en": "Page viewed", "fa": "بازدید صفحه"}
    help = {
        "en": "The contact has looked at a page of the website: any, one by its name, or all below an address.",
        "fa": "مخاطب صفحه‌ای از وب‌سایت را دید: هر صفحه‌ای، صفحه‌ای با این نام، یا هرچه زیر یک نشانی است.",
    }
    parameters = (
        optional(
            "page",
            "text",
            ("Page", "صفحه"),
            ("Its name, as the website calls it.", "نام صفحه، همان که وب‌سایت می‌گوید."),
        ),
        optional(
            "path",
            "text",
            ("Address begins with", "آغاز نشانی"),
            (
                "The part of the address behind the domain begins so, such as /pricing.",
                "آنچه پس از دامنه می‌آید با این آغاز شود، مانند /pricing.",
            ),
        ),
        WHERE,
    )
    example = {"path": "/pricing"}
    names = ("page_viewed",)
    asks = {
        "page": Ask("name", "is", "its name is {}", "نام صفحه {} است"),
        "path": Ask("path", "starts_with", "its address begins with {}", "نشانی‌اش با {} آغاز می‌شود"),
    }
    said = ("looked at a page", "صفحه‌ای را دید")
