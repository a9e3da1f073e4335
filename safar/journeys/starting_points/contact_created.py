"""A contact is there for the first time, whatever brought them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.kinds import EventStart, Params
from safar.journeys.words import choose
from safar.segments.reading import Reading


class ContactCreated(EventStart):
    key = "contact_created"
    icon = "user-star"
    label = {"en": "Contact created", "fa": "مخاطب تازه"}
    help = {
        "en": "Somebody who was not known before: by a sign-up, a visit, an order, an import or by hand.",
        "fa": "کسی که پیش‌تر شناخته نبود: با ثبت‌نام، بازدید، سفارش، ورود فهرست یا افزودن دستی.",
    }

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset({"created"})

    def matches(self, p: Params, r: Reading) -> Composable:
        return SQL("t.created")

    def entry(self, p: Params, r: Reading) -> Composable:
        """The first event's properties; an identify says what it has to say in its traits, a hand edit says nothing."""
        return SQL(
            "CASE t.type WHEN 'identify' THEN coalesce(t.traits, '{}') WHEN 'edit' THEN '{}'::jsonb"
            " ELSE t.properties END"
        )

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        return choose(language, "a new contact", "مخاطب تازه")
