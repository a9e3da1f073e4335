"""The WordPress plugin as a ZIP for one shop, with address and secret filled in: whoever uploads it has nothing to type."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

FOLDER = "safar"  # of the plugin, in WordPress and here
SAME = (1980, 1, 1, 0, 0, 0)  # the same content makes the same ZIP
_CONFIG = "<?php\n// Made by Safar for this shop. What is set on the page WooCommerce -> Safar stands above it.\ndefined( 'ABSPATH' ) || exit;\ndefine( 'SAFAR_ADDRESS', {address} );\ndefine( 'SAFAR_SECRET', {secret} );\n"


def build_plugin(*, address: str, secret: str) -> bytes:
    """address: where the shop's deliveries come; secret: what they are signed with. To be handed to members who may see it, only."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in sorted(_files(files("safar.shops") / "wordpress" / FOLDER, FOLDER)):
            out.writestr(zipfile.ZipInfo(name, SAME), data, zipfile.ZIP_DEFLATED)
        config = _CONFIG.format(address=_php(address), secret=_php(secret))
        out.writestr(zipfile.ZipInfo(f"{FOLDER}/safar-config.php", SAME), config, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _files(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for one in folder.iterdir():
        if one.is_dir():
            yield from _files(one, f"{name}/{one.name}")
        else:
            yield f"{name}/{one.name}", one.read_bytes()


def _php(text: str) -> str:
    """A text as a literal of PHP."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
