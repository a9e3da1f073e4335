"""Templates: checked, stored, listed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import F

from safar.accounts.models import Workspace
from safar.contacts.topics import TOPIC
from safar.content.models import Template
from safar.content.patterns import check_pattern
from safar.content.render import parse
from safar.content.switches import check_switches, complete_switches
from safar.content.written import as_written, compile_drawn
from safar.lib.faults import Faults, Refused, did_you_mean, said

CHANNELS = ("email", "sms")
LANGUAGES = ("en", "fa")
FIELDS = {"channel", "title", "languages", "fallbacks", "strict", "once_more", "sender", "topic", "tracking"}
PARTS = {"email": ("subject", "preheader", "html", "text"), "sms": ("text", "pattern")}


def apply_templates(workspace: Workspace, templates: Any) -> list[str]:
    """Stores templates, all of them or none: key → {channel, languages: {fa: {subject, preheader, blocks, text}, en: …}, fallbacks, …}.

    The body of an e-mail is ``blocks``, ``mjml`` or ``html`` (written.py). A language that comes as other HTML loses its document: what is written here
    goes before what was drawn. Returns the keys that changed. Raises Refused with every fault.
    """
    faults = Faults()
    if not isinstance(templates, Mapping) or not templates:
        faults.add(said("a file of templates is a mapping: key → {channel, languages}"))
        raise Refused(faults)
    stored = {key: as_stored(written, faults.at(key)) for key, written in templates.items()}
    if faults:
        raise Refused(faults)
    changed = []
    for key, values in stored.items():
        template = Template.objects.filter(workspace_id=workspace.pk, key=key).first()
        drawn = values["document"]
        if template is not None:
            values["document"] = {**_still_true(template, values["languages"]), **drawn}
        if template is None or any(getattr(template, name) != value for name, value in values.items()):
            if template is not None:
                values |= {"revision": F("revision") + 1}
            Template.objects.update_or_create(workspace_id=workspace.pk, key=key, defaults=values)
            changed.append(key)
    return changed


def as_stored(written: Any, faults: Faults) -> dict[str, Any]:
    """The columns of a template that a file says, its drawn bodies compiled; faults are added, and then it is not to be used."""
    if not isinstance(written, Mapping):
        check_template(written, faults)
        return {}
    languages, document = compile_drawn(written, faults)
    check_template({**written, **({"languages": languages} if "languages" in written else {})}, faults)
    return {
        "channel": written.get("channel"),
        "title": written.get("title", ""),
        "languages": languages,
        "document": document,
        "fallbacks": written.get("fallbacks", {}),
        "strict": written.get("strict", False),
        "once_more": written.get("once_more", False),
        "sender": written.get("sender", ""),
        "topic": written.get("topic") or "",
        "tracking": complete_switches(written.get("tracking")),
    }


def _still_true(template: Template, languages: Mapping[str, Any]) -> dict[str, Any]:
    """The documents of the languages whose HTML stays as it was."""

    def html(texts: Mapping[str, Any]) -> Any:
        return texts.get("html")

    return {
        language: document
        for language, document in template.document.items()
        if language in languages and html(languages[language]) == html(template.languages.get(language, {}))
    }


def write_templates(workspace: Workspace, keys: Collection[str] = ()) -> dict[str, Any]:
    """key → as `apply_templates` takes it, by key; all of them where none is named. Raises Refused for a key that there is not."""
    known = Template.objects.filter(workspace_id=workspace.pk).order_by("key")
    found = {template.key: as_written(template) for template in known if not keys or template.key in keys}
    faults = Faults()
    for key in keys:
        if key not in found:
            hint = did_you_mean(key, [template.key for template in known])
            faults.at(key).add(said("there is no template '%(value)s'%(hint)s", value=key[:80], hint=hint))
    if faults:
        raise Refused(faults)
    return found


def list_templates(workspace: Workspace) -> list[dict[str, Any]]:
    """key, channel, languages, updated_at; by key."""
    rows = Template.objects.filter(workspace_id=workspace.pk).order_by("key")
    return [
        {"key": t.key, "channel": t.channel, "languages": sorted(t.languages), "updated_at": t.updated_at} for t in rows
    ]


def check_template(written: Any, faults: Faults) -> None:
    """Adds what is wrong with a template as it would be stored."""
    if not isinstance(written, Mapping):
        faults.add(said("has to be a mapping with channel and languages"))
        return
    for name in written:
        if name not in FIELDS:
            faults.at(name).add(said("there is no such word here%(hint)s", hint=did_you_mean(str(name), FIELDS)))
    channel = written.get("channel")
    if channel not in CHANNELS:
        faults.at("channel").add(said("has to be one of %(known)s", known=", ".join(CHANNELS)))
        return
    languages = written.get("languages")
    if not isinstance(languages, Mapping) or not languages:
        faults.at("languages").add(said("has to say the message in one language at least: fa, en"))
        return
    for language, parts in languages.items():
        _check_language(channel, language, parts, faults.at("languages", language))
    topic = written.get("topic") or ""
    if topic and not (isinstance(topic, str) and TOPIC.fullmatch(topic)):
        faults.at("topic").add(said("is no key of a topic: small Latin letters, digits, - and _"))
    check_switches(written.get("tracking") or {}, channel, faults.at("tracking"))
    if not isinstance(written.get("fallbacks", {}), Mapping):
        faults.at("fallbacks").add(said('is a mapping such as {"contact.first_name": {fa: دوست عزیز, en: friend}}'))


def _check_language(channel: str, language: str, parts: Any, faults: Faults) -> None:
    if language not in LANGUAGES:
        faults.add(said("is no language; one of %(known)s", known=", ".join(LANGUAGES)))
    if not isinstance(parts, Mapping) or not any(parts.get(name) for name in ("html", "text", "pattern")):
        faults.add(said("has no text"))
        return
    if channel == "email" and not parts.get("subject"):
        faults.at("subject").add(said("is missing"))
    for name, text in parts.items():
        if name not in PARTS[channel]:
            faults.at(name).add(
                said(
                    "is no part of a message by %(channel)s%(hint)s",
                    channel=channel,
                    hint=did_you_mean(str(name), PARTS[channel]),
                )
            )
        elif name == "pattern":
            check_pattern(text, faults.at(name))
        elif not isinstance(text, str):
            faults.at(name).add(said("has to be a text"))
        else:
            try:
                parse(text, html=name == "html")
            except Exception as error:  # whatever the template language finds wrong is the writer's to mend
                faults.at(name).add(said("cannot be read: %(problem)s", problem=error))
