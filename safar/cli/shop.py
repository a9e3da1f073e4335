"""``safar shop``: connected shops, and the WordPress plugin for one of them. Shops are connected on Settings → Shops, where secrets are typed unseen."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safar.cli import output
from safar.cli.failures import Failure, refuse
from safar.cli.options import Json, WorkspaceSlug
from safar.cli.session import choose_workspace, connection
from safar.lib.faults import did_you_mean

if TYPE_CHECKING:
    from safar.shops.connecting import Shop

app = typer.Typer(no_args_is_help=True, help="Connected shops, and the plugin for WordPress.")


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, name="shop", rich_help_panel="Set up")


@app.command("list")
def list_(workspace: WorkspaceSlug = None, as_json: Json = False) -> None:
    """List the shops: where each sends to, when it was heard of last, what was refused since."""
    chosen = choose_workspace(workspace)
    from django.conf import settings

    from safar.shops.connecting import read_shops
    from safar.shops.showing import read_state

    now = datetime.now(UTC)
    with connection() as conn:
        shops = [(shop, read_state(conn, shop, zone=chosen.zone, now=now)) for shop in read_shops(conn, chosen.pk)]
    rows = []
    for shop, state in shops:
        bad = state.refused if state.refused and (state.last_at is None or state.refused.at > state.last_at) else None
        rows.append(
            {
                "shop": shop.name,
                "site": shop.here.site,
                "address": shop.address(settings.SAFAR.public_url),
                "last_heard": state.last_at,
                "refused": f"{bad.status} {bad.said}".strip() if bad else None,
                "gone": shop.gone_at,
            }
        )
    if as_json:
        output.print_json(rows)
        return
    output.table(
        tuple(rows[0]) if rows else ("shop",), [tuple(row.values()) for row in rows], whole=("site", "address")
    )


@app.command("plugin")
def plugin(
    name: Annotated[str | None, typer.Argument(metavar="SHOP", help="As in `safar shop list`.")] = None,
    to: Annotated[Path | None, typer.Option(metavar="FILE.zip", help="Where to; safar-SHOP.zip if left out.")] = None,
    workspace: WorkspaceSlug = None,
) -> None:
    """Write the WordPress plugin of a shop as a ZIP. The shop's secret is in it: only its owner may read the file."""
    chosen = choose_workspace(workspace)
    from django.conf import settings

    from safar.accounts.services import COMMAND_LINE, record
    from safar.shops.connecting import read_shops
    from safar.shops.plugin import build_plugin

    with connection() as conn:
        shop = _find(read_shops(conn, chosen.pk), name)
    try:
        secret = shop.opened((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))[shop.kind.secret]
    except (ValueError, KeyError):
        raise Failure(
            "The secret of this shop cannot be opened any more.", "Enter it again: Settings → Shops"
        ) from None
    path = to or Path(f"safar-{shop.name}.zip")
    made = build_plugin(address=shop.address(settings.SAFAR.public_url), secret=secret)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
            file.write(made)
    except FileExistsError:  # one that others may read would stay so, and a link leads who knows where
        refuse("there is such a file already: move it away, or name another with --to", place=str(path))
    except OSError as error:
        refuse(error.strerror or str(error), place=str(path))
    record(chosen, COMMAND_LINE, "download_plugin", f"shop:{shop.id}", {})
    output.say(f"[green]✓[/green] {path}: upload it in WordPress under Plugins → Add new → Upload, and activate it")


def _find(shops: list[Shop], name: str | None) -> Shop:
    """The shop of that name, or the only one that takes a plugin."""
    able = {shop.name: shop for shop in shops if shop.kind.has_plugin}
    if name is None and len(able) == 1:
        return next(iter(able.values()))
    if not able:
        raise Failure("No shop here takes a plugin.", "Connect one: Settings → Shops → WooCommerce")
    if name is None:
        raise Failure("There are several shops.", f"Say which: {', '.join(able)}")
    if name not in able:
        raise Failure(
            f"There is no shop {name!r} that takes a plugin{did_you_mean(name, able)}.", f"There are: {', '.join(able)}"
        )
    return able[name]
