"""The description for machines is whole, and the page for people is made from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from safar.api.rest.api import api
from safar.api.rest.reference import reference

PAGE = Path(__file__).parents[4] / "docs" / "rest-api.md"
GLOSSARY = PAGE.with_name("glossary.md").read_text("utf-8")


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == reference(), "run python -m safar.api.rest.reference"


def every_shape() -> list[tuple[str, dict[str, Any]]]:
    return list(api.get_openapi_schema()["components"]["schemas"].items())


@pytest.mark.parametrize(("name", "shape"), every_shape(), ids=[name for name, _ in every_shape()])
def test_an_example_fits_its_shape(name: str, shape: dict[str, Any]) -> None:
    example = shape.get("example")
    if example is None:
        return
    assert set(shape.get("required", ())) <= set(example), name
    assert set(example) <= set(shape["properties"]), name


def test_every_operation_says_what_it_is() -> None:
    schema = api.get_openapi_schema()
    json.dumps(schema)
    names = [said["operationId"] for methods in schema["paths"].values() for said in methods.values()]
    assert len(names) == len(set(names))
    for path, methods in schema["paths"].items():
        for method, said in methods.items():
            assert said["summary"], (method, path)
            assert said["tags"], (method, path)
            assert {"400", "401", "403"} <= {str(status) for status in said["responses"]}, (method, path)
            if method in ("put", "patch"):
                assert all("example" in each for each in said["requestBody"]["content"].values()), path
            for tag in said["tags"]:
                assert f"| {tag.removesuffix('s')} |" in GLOSSARY, tag
