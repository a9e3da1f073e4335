"""Who may come to the pages of this room (safar/console/tests/walking.py)."""

from __future__ import annotations

from safar.console.database import session
from safar.console.tests.walking import Entry, Side
from safar.website.form import Form
from safar.website.keeping import save_form

ENTRIES = {
    "website": Entry(),
    "form_new": Entry("editor"),
    "form_preview": Entry("editor"),
    "form": Entry("editor", ids={"key": "form"}),
    "form_figures": Entry(ids={"key": "form"}),
    "form_delete": Entry("editor", ids={"key": "form"}),
}


def fill(side: Side) -> None:
    side.ids["form"] = f"form-{side.workspace.pk}"
    with session() as conn:
        form = Form(key=side.ids["form"], title={"en": side.marker})
        save_form(conn, side.workspace.pk, form, live=True, fresh=True)
