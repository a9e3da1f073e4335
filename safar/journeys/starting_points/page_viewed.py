"""A page of the website was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.kinds import EventStart, Parameter, Params
from safar.journeys.saying import say_where
from safar.journeys.words import choose, listed, quoted
from safar.lib.faults import Faults
from safar.segments.catalog import Catalog
from safar.segments.operators import parse_where
from safar.segments.reading import Reading


class PageViewed(EventStart):
    key = "page_viewed"
    icon = "eye"
    label = {"en": "Page viewed", "fa": "بازدید صفحه"}
    help = {
        "en": "The contact has looked at a page of the website: any, one by its name, or all below an address.",
        "fa": "مخاطب صفحه‌ای از وب‌سایت را دید: هر صفحه‌ای، صفحه‌ای با این نام، یا هرچه زیر یک نشانی است.",
    }
    parameters = (
        Parameter(
            "page",
            "text",
            {"en": "Page", "fa": "صفحه"},
            {"en": "Its name, as the website calls it.", "fa": "نام صفحه، همان که وب‌سایت می‌گوید."},
            required=False,
        ),
        Parameter(
            "path",
            "text",
            {"en": "Address begins with", "fa": "آغاز نشانی"},
            {
                "en": "The part of the address behind the domain begins so, such as /pricing.",
                "fa": "آنچه پس از دامنه می‌آید با این آغاز شود، مانند /pricing.",
            },
            required=False,
        ),
        Parameter(
            "where",
            "where",
            {"en": "Where", "fa": "به شرط"},
            {"en": "What its properties must be.", "fa": "ویژگی‌های بازدید چه باشند."},
            required=False,
        ),
    )
    example = {"path": "/pricing"}

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset({"event:page_viewed"})

    def matches(self, p: Params, r: Reading) -> Composable:
        """By the name in the history, as the kind ``event`` and all conditions go; page and path as ``where`` would say them."""
        tests: list[Composable] = [SQL("t.name = 'page_viewed'")]
        said = {"name": {"is": p.get("page")}, "path": {"starts_with": p.get("path")}}
        for name, test in said.items():
            if None not in test.values():
                where = parse_where({name: test}, Faults(), Catalog())
                assert where is not None
                tests.append(where.holds(SQL("t.properties"), r))
        if "where" in p:
            tests.append(p["where"].holds(SQL("t.properties"), r))
        return SQL("({})").format(SQL(" AND ").join(tests))

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        said = [choose(language, "looked at a page", "صفحه‌ای را دید")]
        if p.get("page") is not None:
            page = quoted(p["page"], language)
            said = [choose(language, f"looked at the page {page}", f"صفحهٔ {page} را دید")]
        if p.get("path") is not None:
            said.append(choose(language, f"its address begins with {p['path']}", f"نشانی‌اش با {p['path']} آغاز می‌شود"))
        if p.get("where") is not None:
            said.append(say_where(p["where"], language))
        return listed(said, language)
