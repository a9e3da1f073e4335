"""Templates: list, get, put."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Router, Schema
from pydantic import Field

from safar.accounts.services import record
from safar.api.rest.bodies import body_of, check_key, written
from safar.api.rest.keys import Request, needs
from safar.api.rest.problems import Missing
from safar.api.rest.shapes import NAMED, REFUSALS, WRITES, example
from safar.content.models import Template as Kept
from safar.content.services import FIELDS, apply_templates
from safar.lib.faults import Fault, Refused, did_you_mean

router = Router(tags=["templates"])

WRITTEN: dict[str, Any] = {
    "channel": "email",
    "title": "Welcome",
    "languages": {
        "en": {"subject": "Welcome, {{ contact.first_name }}", "html": "<p>Good to have you.</p>"},
        "fa": {"subject": "{{ contact.first_name }}، خوش آمدید", "html": "<p>خوشحالیم که آمدید.</p>"},
    },
    "fallbacks": {"contact.first_name": {"en": "friend", "fa": "دوست عزیز"}},
}
YAML = """channel: sms
languages:
  fa: {text: "سلام {{ contact.first_name }}، سبدتان هنوز اینجاست. لغو ۱۱"}
fallbacks: {contact.first_name: {fa: دوست عزیز}}
"""
LISTED = {"key": "welcome-1", "channel": "email", "title": "Welcome", "updated_at": "2026-11-22T08:30:00Z"}


class Listed(Schema):
    model_config = example(**LISTED, languages=["en", "fa"])

    key: str
    channel: str
    title: str = ""
    languages: list[str]
    updated_at: datetime


class Templates(Schema):
    data: list[Listed]


class Template(Schema):
    model_config = example(**LISTED, **{name: WRITTEN[name] for name in ("languages", "fallbacks")}, strict=False)

    key: str
    channel: str = Field(description="email, sms")
    title: str = ""
    languages: dict[str, dict[str, str]] = Field(description="fa, en → {subject, html, text}; for SMS only text.")
    fallbacks: dict[str, Any] = Field(description="What stands for a variable that a contact does not have.")
    strict: bool = Field(False, description="A variable without value or fall-back: the message fails.")
    once_more: bool = Field(False, description="Transactional, outcome unknown: send a second time.")
    sender: str = ""
    tracking: dict[str, Any] = Field(
        {}, description="What it says itself of being tracked: opens, clicks, utm (true, false, or values of its own)."
    )
    updated_at: datetime


class Put(Schema):
    model_config = example(key="welcome-1", changed=True)

    key: str
    changed: bool = Field(description="False: it was so already.")


@router.get("/templates", response={200: Templates, **REFUSALS}, summary="List templates", **needs("templates:read"))
def list_templates(request: Request) -> Any:
    """By key."""
    kept = Kept.objects.filter(workspace_id=request.auth.workspace.pk).order_by("key")
    names = ("key", "channel", "title", "updated_at")
    return {"data": [{**{n: getattr(t, n) for n in names}, "languages": sorted(t.languages)} for t in kept]}


@router.get("/templates/{key}", response={200: Template, **NAMED}, summary="Get a template", **needs("templates:read"))
def get_template(request: Request, key: str) -> Any:
    known = Kept.objects.filter(workspace_id=request.auth.workspace.pk)
    found = known.filter(key=key).first()
    if found is None:
        hint = did_you_mean(key, known.values_list("key", flat=True))
        raise Missing(f"there is no template '{key[:80]}'{hint}")
    return {"key": found.key, "updated_at": found.updated_at, **{name: getattr(found, name) for name in FIELDS}}


@router.put(
    "/templates/{key}",
    response={200: Put, **WRITES},
    summary="Put a template",
    openapi_extra=body_of("A template, as `safar template apply` takes it.", WRITTEN, yaml=YAML),
    **needs("templates:write"),
)
def put_template(request: Request, key: str) -> Any:
    """Makes it or replaces it; messages that are under way keep what they were made from. The same twice changes nothing."""
    check_key(key)
    try:
        changed = apply_templates(request.auth.workspace, {key: written(request)})
    except Refused as refused:  # places below the template itself
        inside = [Fault(f.place.removeprefix(key).lstrip("."), f.message, f.line) for f in refused.faults]
        raise Refused(inside) from None
    if changed:
        record(request.auth.workspace, request.auth.name, "put_template", f"template:{key}")
    return {"key": key, "changed": bool(changed)}
