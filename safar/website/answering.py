"""What the public addresses of this room answer with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.http import HttpResponse
from psycopg import Connection

from safar.website.guards import SHOWN
from safar.website.keeping import Kept
from safar.website.taking import Taken, shown_again
from safar.website.telling import texts_of, words_in


def said_of(kept: Kept, taken: Taken, language: str, given: Mapping[str, str]) -> dict[str, Any]:
    """{thanks, redirect}, or {said, faults: field → text, shown} where it was not taken; in words of the language."""
    words = words_in(language)
    if not taken.said:
        thanks = texts_of(kept.form, language, words)["thanks"] + (f" {words['confirm']}" if taken.confirm else "")
        return {"thanks": thanks, "redirect": kept.form.redirect}
    faults = {name: words[what] for name, what in taken.wrong.items()}
    return {"said": words[taken.said], "faults": faults, SHOWN: shown_again(kept, given)}


def say_json(told: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """For scripts of any site: keys and signatures say who may do what."""
    answer = HttpResponse(json.dumps(told), content_type="application/json", status=status)
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def connected() -> Connection[Any]:
    connection.ensure_connection()
    found: Connection[Any] = connection.connection
    return found
