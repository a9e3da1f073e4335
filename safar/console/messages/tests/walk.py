"""Who may come to the pages of messages (safar/console/tests/walking.py)."""

from __future__ import annotations

import io

from PIL import Image

from safar.console.tests.walking import Entry, Side
from safar.content.media import store_image
from safar.content.services import apply_templates

_KEY = {"key": "template"}

ENTRIES = {
    "messages": Entry(),
    "new_template": Entry("editor"),
    "sms_left": Entry("editor"),
    "template_people": Entry(),
    "media_library": Entry(),
    "media_json": Entry(),
    "delete_picture": Entry("editor", ids={"digest": "picture"}),
    "template": Entry(ids=_KEY),
    "template_links": Entry(ids=_KEY),
    "template_json": Entry(ids=_KEY),
    "delete_template": Entry("editor", ids=_KEY),
    "template_preview": Entry("viewer", write="viewer", ids=_KEY),
    "template_frame": Entry("viewer", write="viewer", ids=_KEY),
    "template_test": Entry("editor", ids=_KEY),
}


def fill(side: Side) -> None:
    side.ids["template"] = f"letter-{len(side.marker)}"
    texts = {
        "en": {"subject": f"Hello from {side.marker}", "html": f"<p>{side.marker}</p>"},
        "fa": {"subject": f"سلام {side.marker}", "html": f"<p>{side.marker} ۱۲</p>"},
    }
    written = {"channel": "email", "title": f"Letter {side.marker}", "languages": texts}
    apply_templates(side.workspace, {side.ids["template"]: written})
    drawn = io.BytesIO()
    Image.new("RGB", (8 + side.workspace.pk % 50, 8)).save(drawn, "PNG")
    kept = store_image(side.workspace, drawn.getvalue(), name=f"{side.marker}.png", by="sara")
    side.ids["picture"] = kept.hash
