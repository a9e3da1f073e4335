"""The SQL of what an action does, over ``passed p``: the rows that a stretch has moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from safar.contacts.topics import CHANNEL_PREFIX, JOINED
from safar.events.names import TOPIC_JOINED, TOPIC_LEFT
from safar.journeys.compiler.moments import after
from safar.journeys.compiler.tables import NOTED, SENT, TAKEN
from safar.journeys.compiler.text import js, lit, sql, text
from safar.journeys.definition.model import Definition, Point
from safar.journeys.kinds import Effect, Emit, Note, Queue, Send, SetConsent, SetTag, SetTraits, Take
from safar.segments.literals import member
from safar.segments.reading import Reading


@dataclass
class EffectText:
    """ctes: changes to tables; outbox: SELECT for the outbox; caused: SELECTs for internal events, first column the order."""

    ctes: list[str] = field(default_factory=list)
    outbox: str = ""
    caused: list[str] = field(default_factory=list)


def effect_text(
    definition: Definition, point: Point, effect: Effect, here: str, position: int, reading: Reading
) -> EffectText:
    """here: boolean SQL over p, whether the point was passed; reading: of the version, its zone over c."""
    cause = lit(f"{definition.key}.{point.key}")
    if isinstance(effect, Queue):
        return _queue(definition, point, effect, here, reading)
    if isinstance(effect, SetTag):
        return _tag(point.index, effect, here, position, cause)
    if isinstance(effect, SetTraits):
        return _traits(point.index, effect, here, position, cause, text(reading.zone))
    if isinstance(effect, SetConsent):
        return _consent(point.index, effect, here, position, cause)
    if isinstance(effect, Emit):
        return _emit(effect, here, position, cause)
    if isinstance(effect, Send):
        return _send(definition, effect, here, position, cause)
    if isinstance(effect, Take):
        properties = js({"journey": effect.journey, "from_journey": definition.key})
        return _plain_event(TAKEN, properties, "passed p", here, position, cause)
    return _note(definition, point, effect, here, position, cause)


def _told(
    position: int,
    name: str,
    properties: str,
    tokens: str,
    cause: str,
    *,
    faces: str = "NULL::text[], NULL::text[], NULL::jsonb, NULL::jsonb",
    facts: bool = False,
) -> str:
    return (
        f"SELECT {position}, p.contact_id, p.bucket, p.workspace_id, {lit(name)}, {properties}, {tokens}, {faces}, p.hops + 1, FALSE,"
        f" p.since, {cause}, p.journey_id, {str(facts).upper()}"
    )


def _queue(definition: Definition, point: Point, effect: Queue, here: str, reading: Reading) -> EffectText:
    words = {"journey": definition.key, "point": point.key, **effect.effect}
    people, not_after = "passed p", "NULL"
    if effect.not_after is not None:
        not_after = after("p.since", effect.not_after, reading)
        if effect.not_after.calendar_part:  # days and months are counted in the contact's zone
            people += " JOIN contact c ON c.bucket = p.bucket AND c.id = p.contact_id"
    return EffectText(
        outbox=f"""SELECT p.bucket, p.workspace_id, p.contact_id, p.journey_id, p.id, p.entry_no,
            p.trail_moved + cardinality(p.trail), {point.index}, {lit(effect.kind)}, {js(words)}, p.since, p.since,
            {not_after}::timestamptz FROM {people} WHERE {here}"""
    )


def _tag(i: int, effect: SetTag, here: str, position: int, cause: str) -> EffectText:
    tag, verb = lit(effect.tag), "added" if effect.present else "removed"
    if effect.present:
        change = (
            f"INSERT INTO contact_tag (bucket, contact_id, tag, at) SELECT p.bucket, p.contact_id, {tag}, p.since"
            f" FROM passed p WHERE {here} ON CONFLICT DO NOTHING RETURNING bucket, contact_id"
        )
        faces = f"ARRAY[{tag}], NULL::text[], NULL::jsonb, NULL::jsonb"
    else:
        change = (
            "DELETE FROM contact_tag g USING passed p WHERE g.bucket = p.bucket AND g.contact_id = p.contact_id"
            f" AND g.tag = {tag} AND {here} RETURNING g.bucket, g.contact_id"
        )
        faces = f"NULL::text[], ARRAY[{tag}], NULL::jsonb, NULL::jsonb"
    tokens = f"ARRAY[{lit('event:tag_' + verb)}, {lit('tag:' + effect.tag)}]"
    row = _told(position, f"tag_{verb}", js({"tag": effect.tag}), tokens, cause, faces=faces)
    return EffectText(
        ctes=[f"tag{i} AS ({change})"],
        # by mover's key: joining the tag's rows to those passed would compare each with each, 53 µs a passage instead of 6
        caused=[
            f"{row} FROM tag{i} g CROSS JOIN LATERAL (SELECT m.contact_id, m.bucket, m.workspace_id, m.journey_id, m.hops, m.at AS since"
            " FROM mover m WHERE m.contact_id = g.contact_id OFFSET 0) p"
        ],
    )


# columns of contact that follow a trait: trait → (column, SQL over the text {v})
FOLLOWERS = {
    "email": ("email", "nullif(lower(btrim({v})), '')"),
    "phone": ("phone", "{v}"),
    "language": ("language", "{v}"),
    "timezone": ("zone", "safar_zone({v})"),
}


def _traits(i: int, effect: SetTraits, here: str, position: int, cause: str, zone: str) -> EffectText:
    sets = {name: value for name, value in effect.values.items() if value is not None}
    gone = [name for name, value in effect.values.items() if value is None]
    stamp = "(extract(epoch FROM p.since) * 1000000)::bigint"
    traits = f"(c.traits || {js(sets)})" + "".join(f" - {lit(name)}" for name in gone)
    stamps = "jsonb_build_object(" + ", ".join(f"{lit(name)}, {stamp}" for name in effect.values) + ")"
    follow = "".join(
        f", {column} = {form.format(v=lit(_plain(effect.values[name])) + '::text')}"
        for name, (column, form) in FOLLOWERS.items()
        if name in effect.values
    )
    at = "c.bucket = p.bucket AND c.id = p.contact_id"
    ctes = [
        f"old{i} AS (SELECT p.contact_id, p.bucket, p.workspace_id, p.journey_id, p.hops, p.since, c.traits, {zone} AS zone, {stamps} AS stamps FROM passed p JOIN contact c ON {at} WHERE {here})",
        f"set{i} AS (UPDATE contact c SET traits = {traits}, traits_at = c.traits_at || p.stamps{follow} FROM old{i} p WHERE {at})",
    ]
    caused = []
    for n, (name, value) in enumerate(effect.values.items()):
        old, new = f"(p.traits -> {lit(name)})", "NULL::jsonb" if value is None else js(value)
        pair = f"jsonb_build_object({lit(name)}, jsonb_build_array({old}, {new}))"
        tokens = f"ARRAY['event:trait_changed', {lit('trait:' + name)}]"
        if name == "timezone":
            fresh = f"(SELECT {zone} FROM (SELECT safar_zone({lit(_plain(value))}::text) AS zone) c)"
            tokens = f"CASE WHEN p.zone IS DISTINCT FROM {fresh} THEN {tokens} || '*'::text ELSE {tokens} END"
        properties = f"jsonb_build_object('trait', {lit(name)}::text, 'from', {old}, 'to', {new})"
        row = _told(
            position + n,
            "trait_changed",
            properties,
            tokens,
            cause,
            faces=f"NULL::text[], NULL::text[], {pair}, NULL::jsonb",
        )
        caused.append(f"{row} FROM old{i} p WHERE {old} IS DISTINCT FROM {new}")
    return EffectText(ctes=ctes, caused=caused)


def _consent(i: int, effect: SetConsent, here: str, position: int, cause: str) -> EffectText:
    """What was said is something else now: said by the journey, at its clock. Saying the same again renews its time only."""
    channel, state = lit(effect.channel), lit(effect.state)
    purpose = lit("topic" if effect.channel.startswith(CHANNEL_PREFIX) else "marketing")
    ctes = [
        f"said{i} AS (SELECT p.contact_id, p.bucket, p.workspace_id, p.journey_id, p.hops, p.since, k.state AS was FROM passed p"
        f" LEFT JOIN consent k ON k.bucket = p.bucket AND k.contact_id = p.contact_id AND k.channel = {channel} WHERE {here})",
        f"say{i} AS (INSERT INTO consent (bucket, contact_id, channel, state, at, source) SELECT bucket, contact_id, {channel}, {state}, since,"
        f" 'journey' FROM said{i} ON CONFLICT (bucket, contact_id, channel)"
        " DO UPDATE SET state = EXCLUDED.state, at = EXCLUDED.at, source = EXCLUDED.source)",
        f"record{i} AS (INSERT INTO consent_record (bucket, contact_id, workspace_id, at, channel, state, purpose, method, proof)"
        f" SELECT bucket, contact_id, workspace_id, since, {channel}, {state}, {purpose}, 'journey', jsonb_build_object('journey', {cause}::text)"
        f" FROM said{i} WHERE was IS DISTINCT FROM {state})",
    ]
    name, properties = said_of(effect)
    faces = f"NULL::text[], NULL::text[], NULL::jsonb, {js({effect.channel: effect.state})}"
    tokens = f"ARRAY[{lit('event:' + name)}, {lit('consent:' + effect.channel)}]"
    row = _told(position, name, js(properties), tokens, cause, faces=faces)
    return EffectText(ctes=ctes, caused=[f"{row} FROM said{i} p WHERE p.was IS DISTINCT FROM {state}"])


def said_of(effect: SetConsent) -> tuple[str, dict[str, str]]:
    """Name and properties of the event that a change of consent causes (docs/semantics.md)."""
    if effect.channel.startswith(CHANNEL_PREFIX):
        name = TOPIC_JOINED if effect.state == JOINED else TOPIC_LEFT
        return name, {"topic": effect.channel.removeprefix(CHANNEL_PREFIX)}
    return "unsubscribed", {"channel": effect.channel}


def _plain(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _emit(effect: Emit, here: str, position: int, cause: str) -> EffectText:
    tokens = f"ARRAY[{lit('event:' + effect.event)}]"
    row = _told(position, effect.event, js(dict(effect.properties)), tokens, cause, facts=True)
    return EffectText(caused=[f"{row} FROM passed p WHERE {here}"])


_ENTRY = "LEFT JOIN enrollment_entry n ON n.bucket = p.bucket AND n.enrollment_id = p.id AND n.entry_no = p.entry_no"


def _plain_event(name: str, properties: str, people: str, here: str, position: int, cause: str) -> EffectText:
    row = _told(position, name, properties, f"ARRAY[{lit('event:' + name)}]", cause)
    return EffectText(caused=[f"{row} FROM {people} WHERE {here}"])


def _send(definition: Definition, effect: Send, here: str, position: int, cause: str) -> EffectText:
    """What brought them here goes along."""
    named = js({"journey": effect.journey, "from_journey": definition.key})
    return _plain_event(
        SENT, f"coalesce(n.properties, '{{}}'::jsonb) || {named}", f"passed p {_ENTRY}", here, position, cause
    )


def _note(definition: Definition, point: Point, effect: Note, here: str, position: int, cause: str) -> EffectText:
    """The text is put together here and now: what it names may be another value by the time somebody reads it."""
    sources = {"entry": sql("n.properties"), "contact": sql("c.traits")}
    people, parts = "passed p", []
    for part in effect.parts:
        if isinstance(part, str):
            parts.append(f"{lit(part)}::text")
        else:
            parts.append(f"coalesce({text(member(sources[part[0]], part[1:]))} #>> '{{}}', '')")
    named = {part[0] for part in effect.parts if not isinstance(part, str)}
    if "entry" in named:
        people += f" {_ENTRY}"
    if "contact" in named:
        people += " JOIN contact c ON c.bucket = p.bucket AND c.id = p.contact_id"
    properties = (
        f"{js({'journey': definition.key, 'point': point.key})} || jsonb_build_object('note', {' || '.join(parts)})"
    )
    return _plain_event(NOTED, properties, people, here, position, cause)
