"""What each row says: its template and variant, rendered in one batch; what an earlier hand-over froze stays as it was."""

from __future__ import annotations

import json
from collections.abc import Sequence

from safar.channels.notices.destinations import LANGUAGES
from safar.channels.sending.desk import Desk, choose_variant, sms_number
from safar.channels.sending.work import Work, ours
from safar.channels.webhooks import writing as webhook
from safar.content.pool import Job, Rendered, RenderPool


def choose(work: Work) -> Work:
    """The template and the variant of a message."""
    try:
        if work.row.kind == "test":
            work.template = work.row.effect["template"]
        elif work.row.kind == "message":
            template, work.variant = choose_variant(work.row.effect, work.material.contact_key or "")
            work.template = template if isinstance(template, str) else None
    except Exception as error:
        work.fault = ours(work, error)
    return work


def render(works: Sequence[Work], desk: Desk, pool: RenderPool) -> None:
    """All that was not frozen by an earlier hand-over, in one batch."""
    batch: list[tuple[Work, Job]] = []
    for work in works:
        frozen = work.material.frozen
        if frozen is not None:
            work.text = Rendered(*frozen)
            continue
        if work.row.kind == "test":  # made when it was asked for, from what was not stored yet
            work.text = Rendered(**work.row.effect["made"])
            continue
        if work.row.kind == "webhook":
            _call(work, desk, batch)
            continue
        if work.row.kind == "digest":
            work.text = desk.digests.get(work.row.effect["digest"])
            work.fault = None if work.text else "the destination was taken away"
            continue
        try:
            if work.row.kind == "notice":
                batch += [(work, desk.notice_job(work.row, work.material, language)) for language in LANGUAGES]
                continue
            work.fault = work.fault or desk.fault(work.row, work.template)
            if work.fault is None:
                batch.append((work, desk.job(work.row, work.template, work.material)))
        except Exception as error:
            work.fault = ours(work, error)
    for (work, _), made in zip(batch, pool.render([job for _, job in batch]), strict=True):
        if isinstance(made, Rendered) and work.called is not None:
            _fill(work, made)
        elif isinstance(made, Rendered) and work.row.kind == "notice":
            work.texts[made.language] = made.text
            if work.text is None or made.language == desk.workspace.language:
                work.text = made
        elif isinstance(made, Rendered):
            work.text = made
        else:
            work.fault = made.fault


def _call(work: Work, desk: Desk, batch: list[tuple[Work, Job]]) -> None:
    """A webhook's body: made before (somebody sends it again), the point's own words, an event, or what is known of the contact."""
    effect = work.row.effect
    try:
        if effect.get("made"):
            work.text = Rendered(desk.workspace.language, effect["made"]["subject"], "", effect["made"]["text"])
        elif effect.get("body") or effect.get("headers"):
            work.called = webhook.Template(effect.get("body"), effect.get("headers") or {})
            if work.called.text:
                batch.append((work, desk.job(work.row, work.called.text, work.material)))
            else:  # nothing in it is text
                _fill(work, Rendered(desk.workspace.language, "", "", ""))
        else:
            data = desk.job(work.row, None, work.material).data
            body = webhook.plain_body(data, sms_number(work.row), effect.get("event"))
            work.text = Rendered(desk.workspace.language, "{}", "", body)
    except Exception as error:
        work.fault = ours(work, error)


def _fill(work: Work, made: Rendered) -> None:
    assert work.called is not None
    try:
        body, headers = work.called.filled(made.text)
    except (ValueError, StopIteration) as error:
        work.fault = str(error) or "the body cannot be put together"
        return
    work.text = Rendered(made.language, json.dumps(headers), "", body)
