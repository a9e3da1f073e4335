"""The description and what it describes say the same."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from safar.api.answering import MAX_FAULTS
from safar.api.ingest import MAX_BATCH, PATHS
from safar.api.request import MAX_BODY
from safar.contacts.names import MAX_ID
from safar.events.message import MAX_MESSAGE, MAX_MESSAGE_ID, MAX_PROPERTIES
from safar.events.names import MAX_NAME
from safar.events.reading import MAX_DEPTH, MAX_KEY, MAX_TEXT

TEXT = (files("safar.api") / "openapi.json").read_text(encoding="utf-8")
PAGE = Path(__file__).parents[3] / "docs" / "http-api.md"


def test_it_is_served(client):
    status, answer = client.request("GET", "/v1/openapi.json")
    assert status == 200
    assert answer == json.loads(TEXT)


def test_every_path_is_there():
    described = json.loads(TEXT)["paths"]
    assert {path for path in PATHS if len(path) > len("/v1/x")} == set(described)


def test_every_reference_leads_somewhere():
    document = json.loads(TEXT)
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', TEXT):
        found = document
        for name in reference.split("/"):
            found = found[name]
        assert found


def test_the_caps_are_the_caps():
    document = json.loads(TEXT)
    schemas = document["components"]["schemas"]
    assert schemas["batch"]["properties"]["batch"]["maxItems"] == MAX_BATCH
    assert schemas["error"]["properties"]["faults"]["maxItems"] == MAX_FAULTS
    assert schemas["userId"]["oneOf"][0]["maxLength"] == MAX_ID
    assert schemas["messageId"]["maxLength"] == MAX_MESSAGE_ID
    assert schemas["track"]["properties"]["event"]["maxLength"] == MAX_NAME
    assert schemas["track"]["properties"]["properties"]["maxProperties"] == MAX_PROPERTIES


@pytest.mark.parametrize("text", [json.loads(TEXT)["info"]["description"], PAGE.read_text() if PAGE.exists() else ""])
def test_the_words_say_the_caps(text):
    for cap in (
        f"{MAX_BODY // 1024} KB",
        f"{MAX_MESSAGE // 1024} KB",
        f"{MAX_TEXT // 1024} KB",
        f"{MAX_DEPTH} deep",
        f"{MAX_KEY} characters",
        f"{MAX_PROPERTIES} members",
    ):
        assert cap in text, cap
