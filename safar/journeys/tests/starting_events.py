"""What each starting point that is an event matches, and what looks like it and does not: kind, parameters, yes, no."""

from __future__ import annotations

from typing import Any

EVENTS: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("contact_created", {}, {"created": True}, {"created": False}),
    ("ordered", {}, {"ordered": True}, {"ordered": False}),
    ("signed_up_email", {}, {"consent_changed": {"email": "given"}}, {"consent_changed": {"email": "pending"}}),
    ("signed_up_email", {}, {"consent_changed": {"email": "given"}}, {"consent_changed": {"sms": "given"}}),
    ("signed_up_email", {}, {"consent_changed": {"email": "given"}}, {}),
    ("tag_added", {"tag": "vip"}, {"tags_added": ["new", "vip"]}, {"tags_added": ["VIP"]}),
    ("tag_added", {"tag": "50%"}, {"tags_added": ["50%"]}, {"tags_removed": ["50%"]}),
    ("tag_removed", {"tag": "vip"}, {"tags_removed": ["vip"]}, {"tags_added": ["vip"]}),
    (
        "trait_changed",
        {"trait": "city"},
        {"traits_changed": {"city": [None, "Tehran"]}},
        {"traits_changed": {"name": [1, 2]}},
    ),
    ("trait_changed", {"trait": "city"}, {"traits_changed": {"city": ["Tehran", None]}}, {}),
    (
        "trait_changed",
        {"trait": "city", "to": "تهران ۲"},
        {"traits_changed": {"city": ["x", "تهران 2"]}},
        {"traits_changed": {"city": ["تهران 2", "x"]}},
    ),
    (
        "trait_changed",
        {"trait": "n", "from": 5},
        {"traits_changed": {"n": [5.0, 6]}},
        {"traits_changed": {"n": ["5", 6]}},
    ),
    (
        "trait_changed",
        {"trait": "n", "from": None, "to": True},
        {"traits_changed": {"n": [None, True]}},
        {"traits_changed": {"n": [None, 1]}},
    ),
    (
        "trait_changed",
        {"trait": "n", "to": None},
        {"traits_changed": {"n": [1, None]}},
        {"traits_changed": {"n": [1, 0]}},
    ),
    (
        "segment_joined",
        {"segment": "big-spenders"},
        {"name": "segment_joined", "type": "internal", "properties": {"segment": "big-spenders"}},
        {"name": "segment_joined", "type": "track", "properties": {"segment": "big-spenders"}},
    ),
    (
        "segment_left",
        {"segment": "big-spenders"},
        {"name": "segment_left", "type": "internal", "properties": {"segment": "big-spenders"}},
        {"name": "segment_joined", "type": "internal", "properties": {"segment": "big-spenders"}},
    ),
    (
        "added_by_hand",
        {},
        {"name": "added_by_hand", "properties": {"journey": "small"}},
        {"name": "added_by_hand", "properties": {"journey": "other"}},
    ),
    (
        "from_journey",
        {},
        {"name": "sent_to_journey", "type": "internal", "properties": {"journey": "small", "from_journey": "x"}},
        {"name": "sent_to_journey", "type": "track", "properties": {"journey": "small", "from_journey": "x"}},
    ),
    (
        "from_journey",
        {"journey": "x"},
        {"name": "sent_to_journey", "type": "emitted", "properties": {"journey": "small", "from_journey": "x"}},
        {"name": "sent_to_journey", "type": "internal", "properties": {"journey": "small"}},
    ),
    (
        "page_viewed",
        {"page": "50%", "path": "/%s"},
        {"name": "page_viewed", "properties": {"name": "50%", "path": "/%sale"}},
        {"name": "page_viewed", "properties": {"name": "50%", "path": ["/%sale"]}},
    ),
    ("event", {"event": "Viewed"}, {"name": "Viewed"}, {"name": "viewed"}),
    ("signed_up_sms", {}, {"consent_changed": {"sms": "given"}}, {"consent_changed": {"email": "given"}}),
    (
        "unsubscribed",
        {"channel": "sms"},
        {"consent_changed": {"sms": "withdrawn"}},
        {"consent_changed": {"email": "withdrawn"}},
    ),
    (
        "unsubscribed",
        {},
        {"consent_changed": {"email": "withdrawn"}},
        {"consent_changed": {"email": "pending"}, "tokens": ["x"]},
    ),
    ("unsubscribed", {}, {"tokens": ["topics_left"]}, {"consent_changed": {"topic:news": "left"}, "tokens": []}),
    (
        "topic_joined",
        {"topic": "news"},
        {"consent_changed": {"topic:news": "joined"}},
        {"consent_changed": {"topic:news": "left"}},
    ),
    (
        "topic_left",
        {"topic": "news"},
        {"consent_changed": {"topic:news": "left"}},
        {"consent_changed": {"news": "left"}},
    ),
    (
        "form_submitted",
        {"form": "newsletter"},
        {"name": "form_submitted", "properties": {"form": "newsletter"}},
        {"name": "form_submitted", "properties": {"form": "letter"}},
    ),
    (
        "sms_keyword",
        {"keyword": "۱۲"},
        {"name": "sms_received", "properties": {"keyword": "12", "line": "3000"}},
        {"name": "sms_received", "properties": {"text": "12"}},
    ),
    (
        "message_sent",
        {"template": "welcome-1", "channel": "sms"},
        {"name": "message_sent", "properties": {"template": "welcome-1", "channel": "sms"}},
        {"name": "message_sent", "properties": {"template": "welcome-1", "channel": "email"}},
    ),
    (
        "email_clicked",
        {"url": "/sale"},
        {"name": "email_clicked", "properties": {"url": "https://shop.example/sale?a=1"}},
        {"name": "email_opened", "properties": {"url": "https://shop.example/sale"}},
    ),
    ("link_clicked", {"url": "50%"}, {"name": "sms_clicked", "properties": {"url": "/50%"}}, {"name": "sms_clicked"}),
    (
        "ordered_product",
        {"product": "17", "category": "shoes"},
        {"ordered": True, "properties": {"products": [{"product_id": 17, "category": "shoes"}]}},
        {"ordered": True, "properties": {"products": [{"product_id": 17}, {"category": "shoes"}]}},
    ),
    (
        "ordered_product",
        {"product": "MUG-1"},
        {"ordered": True, "properties": {"products": [5, {"sku": "MUG-1"}]}},
        {"ordered": True, "properties": {"products": "MUG-1"}},
    ),
    (
        "ordered_product",
        {"product": "17"},
        {"ordered": True, "properties": {"products": [{"sku": "17"}]}},
        {"ordered": False, "properties": {"products": [{"sku": "17"}]}},
    ),
    (
        "event",
        {"event": "Viewed", "where": {"price": {"at_least": 5}}},
        {"name": "Viewed", "properties": {"price": 5}},
        {"name": "Viewed", "properties": {"price": "5"}},
    ),
]
