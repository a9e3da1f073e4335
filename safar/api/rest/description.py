"""The description for machines: ninja's, with what it cannot know said of problems, keys and scopes."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from safar.accounts.scopes import SCOPES
from safar.api.rest.problems import MEDIA_TYPE

SCHEMES = {
    "Bearer": {"type": "http", "scheme": "bearer", "description": "A secret key, sk_…"},
    "Basic": {"type": "http", "scheme": "basic", "description": "The secret key as user name, no password."},
}
METHODS = ("get", "put", "post", "patch", "delete")
TAGS = {
    "journeys": "Maps with their settings: as text, published, paused, with their figures.",
    "segments": "Saved conditions and who meets them.",
    "contacts": "The people a workspace knows.",
    "events": "What happened to contacts.",
    "messages": "What was sent to them, and what became of it.",
    "templates": "What messages are made from.",
    "forms": "What is asked on the website, and what it brought.",
}


class DescribedAPI(NinjaAPI):
    """Its schema is the same in every process, whatever was asked before."""

    def get_openapi_schema(self, *, path_prefix: Any = None, path_params: Any = None) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix="/api/v1/", path_params=path_params)
        schema["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
        components = schema.setdefault("components", {})
        components["securitySchemes"] = SCHEMES
        for operations in schema["paths"].values():
            for method in METHODS:
                if method in operations:
                    _describe(operations[method])
        return schema


def _describe(operation: dict[str, Any]) -> None:
    asked = [scope for each in operation.get("security", ()) for scope in each]
    scope = next((name.removeprefix("scope ") for name in asked if name.startswith("scope ")), "")
    operation["security"] = [{"Bearer": []}, {"Basic": []}]
    if scope in SCOPES:
        operation["x-scope"] = scope
    for status, answer in operation.get("responses", {}).items():
        content = answer.get("content", {})
        if int(status) >= 400 and "application/json" in content:
            answer["content"] = {MEDIA_TYPE: content["application/json"]}
