"""``docs/rest-api.md``, made from the description for machines: ``python -m safar.api.rest.reference`` writes it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEAD = """# The REST API

Made from `GET /api/v1/openapi.json` by `python -m safar.api.rest.reference`; to send events in, see [HTTP API](http-api.md).

```console
$ curl https://safar.example/api/v1/journeys -H 'Authorization: Bearer sk_…'
```
"""
SCOPES = "## Scopes\nA key may be limited to some of these when it is made; `x:write` includes `x:read`.\n"


def reference() -> str:
    """The page as Markdown. Django is set up."""
    from safar.accounts.scopes import SCOPES as KNOWN
    from safar.api.rest.api import api

    schema = api.get_openapi_schema()
    lines = [HEAD, schema["info"]["description"].strip(), "", SCOPES, "| scope | may |", "|---|---|"]
    lines += [f"| `{scope}` | {words['en']} |" for scope, words in KNOWN.items()]
    for tag in schema["tags"]:
        lines += ["", f"## {tag['name'].title()}", tag["description"], ""]
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                if tag["name"] in operation.get("tags", ()):
                    lines += _operation(schema, method, path, operation)
    return "\n".join(lines).rstrip() + "\n"


def _operation(schema: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    yield f"### {operation['summary']}"
    yield f"`{method.upper()} {path}` · scope `{operation['x-scope']}`"
    yield ""
    if text := operation.get("description", "").strip():
        yield text
        yield ""
    if asked := [each for each in operation.get("parameters", ()) if each["in"] == "query"]:
        yield "| parameter | |"
        yield "|---|---|"
        for each in asked:
            shape = each["schema"]
            bounds = [
                f"{word} {shape[name]}" for name, word in (("minimum", "from"), ("maximum", "to")) if name in shape
            ]
            if shape.get("default") not in (None, ""):
                bounds.append(f"{shape['default']} if left out")
            said = " ".join(part for part in (each.get("description", ""), ", ".join(bounds)) if part)
            yield f"| `{each['name']}`{' (needed)' if each.get('required') else ''} | {said} |"
        yield ""
    for kind, body in operation.get("requestBody", {}).get("content", {}).items():
        example = body.get("example")
        yield f"Body (`{kind}`):"
        yield from _fenced(example if isinstance(example, str) else _json(example), kind.rpartition("/")[2])
    for status, answer in operation["responses"].items():
        content = answer.get("content", {}).get("application/json", {})
        if int(status) < 400 and content:
            yield f"Answer {status}:"
            yield from _fenced(_json(_example(schema, content["schema"])), "json")
        elif int(status) < 400:
            yield f"Answer {status}, {'as YAML' if answer.get('content') else 'without a body'}."
            yield ""
    refused = [str(status) for status in operation["responses"] if int(status) >= 400]
    yield f"Problems: {', '.join(refused)}."
    yield ""


def _example(schema: dict[str, Any], shape: dict[str, Any]) -> Any:
    """The shape's own example, or one put together from its parts."""
    if "$ref" in shape:
        return _example(schema, schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]])
    if "example" in shape:
        return shape["example"]
    if shape.get("type") == "array":
        return [_example(schema, shape["items"])]
    if "properties" in shape:
        return {name: _example(schema, each) for name, each in shape["properties"].items()}
    return None


def _fenced(text: str, language: str) -> Iterator[str]:
    yield f"```{language}"
    yield text.rstrip()
    yield "```"
    yield ""


def _json(value: Any) -> str:
    short = json.dumps(value, ensure_ascii=False)
    return short if len(short) <= 116 else json.dumps(value, ensure_ascii=False, indent=1)


def main() -> None:
    """Write the page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safar.config.settings")
    import django

    django.setup()
    (Path(__file__).parents[3] / "docs" / "rest-api.md").write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    main()
