"""A demo workspace before anybody comes: templates, segments, journeys, products. Doing it again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from psycopg import Connection

from safar.accounts.models import Workspace
from safar.accounts.services import create_workspace
from safar.channels.senders import read_senders, set_sender
from safar.contacts.products import Product, learn_products
from safar.content.services import apply_templates
from safar.demo.shops import HERE, Shop
from safar.journeys.definition.yaml12 import load_yaml
from safar.journeys.engine.publishing import spread_everywhere
from safar.journeys.engine.session import Session
from safar.journeys.models import Journey, Version
from safar.journeys.services import apply_journey, publish
from safar.segments.services import apply_segments

# In this order they stand in lists, and of two that an event concerns the earlier one goes first.
JOURNEYS = ("welcome", "abandoned-cart", "win-back", "ask-review", "organise")
LETTERS = ("welcome", "cart", "back", "review")


def set_up(conn: Connection[Any], shop: Shop, start: datetime) -> Workspace:
    """The shop's workspace, with everything published as of `start`. conn: autocommit.

    Raises Refused where a workspace of that name is there and is no demo.
    """
    workspace = Workspace.objects.filter(slug=shop.slug, demo=True).first() or create_workspace(
        slug=shop.slug,
        name=shop.name,
        zone=shop.zone,
        calendar=shop.calendar,
        language=shop.language,
        currency=shop.currency,
        demo=True,
    )
    for channel, price in shop.part_prices.items():
        line = read_senders(conn, workspace.pk)[channel]
        if line.part_price is None:
            set_sender(conn, workspace.pk, replace(line, part_price=price))
    apply_templates(workspace, read_templates(shop.slug))
    apply_segments(workspace, load_yaml(segments_file(shop.slug).read_bytes()).data["segments"])
    for key in JOURNEYS:
        apply_journey(workspace, journey_file(shop.slug, key).read_bytes())
        publish(workspace, key, connection=conn, now=lambda: start)
    spread_everywhere(Session(conn))  # nobody is there yet; whoever comes is read by their own events
    # What people see of it is as old as what happened in it.
    Workspace.objects.filter(pk=workspace.pk).update(created_at=start)
    Journey.objects.filter(workspace=workspace).update(created_at=start)
    Version.objects.filter(journey__workspace=workspace).update(published_at=start)
    learn_products(conn, list(_products(shop, workspace.pk, start)))
    return workspace


def journey_file(slug: str, key: str) -> Path:
    """The definition of one of JOURNEYS."""
    return HERE / "journeys" / slug / f"{key}.yaml"


def segments_file(slug: str) -> Path:
    """The segments of a shop: {segments: {key: {title, condition}}}."""
    return HERE / "journeys" / slug / "segments.yaml"


@cache
def read_templates(slug: str) -> Mapping[str, Any]:
    """Key → template as `apply_templates` takes it, each e-mail's blocks between those of the shop's layout."""
    folder = HERE / "templates" / slug
    layout = load_yaml((folder / "layout.yaml").read_bytes()).data
    templates: dict[str, Any] = {}
    for name in LETTERS:
        templates |= load_yaml((folder / f"{name}.yaml").read_bytes()).data
    for template in templates.values():
        for texts in template["languages"].values():
            if "blocks" in texts:
                texts["blocks"] = [*layout["above"], *texts["blocks"], *layout["below"]]
                texts["look"] = layout["look"]
    return templates


def _products(shop: Shop, workspace_id: int, seen_at: datetime) -> Iterator[Product]:
    for product in shop.products:
        said = product.as_sent
        yield Product(
            workspace_id,
            product.id,
            said["name"],
            Decimal(str(product.price)),
            shop.currency,
            product.category,
            said["image_url"],
            said["url"],
            seen_at,
        )
