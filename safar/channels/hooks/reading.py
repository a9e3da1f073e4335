"""What another system sent: its body as one object, the values at paths, and whom it is about. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from safar.contacts.names import MAX_ID, Names, fold_email, fold_phone
from safar.events.message import MAX_PROPERTIES
from safar.events.reading import check_value, read_json
from safar.lib.faults import Faults, Refused, said

FORM = "application/x-www-form-urlencoded"
FIELDS = ("user_id", "email", "phone")
LONGEST_PATH = 200
MOST_PATHS = 200
LONGEST_SHOWN = 80


def read_body(body: bytes, kind: str) -> dict[str, Any]:
    """kind: the Content-Type. Of a form the members are texts; a name that comes twice is a list. Raises Refused with every fault."""
    faults = Faults()
    value = _read_form(body, faults) if kind.partition(";")[0].strip().lower() == FORM else read_json(body)
    if not isinstance(value, dict):
        faults.add(said("has to be an object"))
    if faults:
        raise Refused(faults)
    return dict(value)


def find(data: Any, path: str) -> Any:
    """What stands at ``customer.emails.0``; None where nothing does. A name may hold dots itself: ``form.e-mail`` as one member goes before."""
    if isinstance(data, dict):
        if path in data:
            return data[path]
        for name in sorted(data, key=len, reverse=True):
            if path.startswith(f"{name}.") and (found := find(data[name], path[len(name) + 1 :])) is not None:
                return found
    if isinstance(data, list):
        number, _, rest = path.partition(".")
        if number.isascii() and number.isdigit() and len(number) < 5 and int(number) < len(data):
            return find(data[int(number)], rest) if rest else data[int(number)]
    return None


def paths(data: Any) -> list[tuple[str, str]]:
    """(path, value as it is shown) of every text and number, MOST_PATHS at most."""
    found: list[tuple[str, str]] = []
    for path, value in _walk(data, ""):
        if len(found) == MOST_PATHS:
            break
        found.append((path, str(value)[:LONGEST_SHOWN]))
    return found


def who(data: Mapping[str, Any], fields: Mapping[str, str], faults: Faults) -> Names:
    """Whom it is about. fields: as FIELDS → path. A fault at each path whose value is none, and at all of them where none says who it is."""
    found: dict[str, str] = {}
    for field in FIELDS:
        path = fields.get(field)
        value = find(data, path) if path else None
        if value is None or value == "":
            continue
        text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        name = _FOLDS[field](text)
        if name is None:
            faults.at(path or "").add(_WRONG[field])
        else:
            found[field] = name
    if not found and not faults:
        for path in dict.fromkeys(fields.values()):
            faults.at(path).add(said("is missing: it does not say whom this is about"))
        if not fields:
            faults.add(said("nobody has said yet where it says whom this is about; see the hook's page"))
    return Names(user=found.get("user_id"), email=found.get("email"), phone=found.get("phone"), trusted=False)


def proves(signature: str, body: bytes, secret: str) -> bool:
    """HMAC-SHA256 of the body under the secret, in hex or base64, with or without ``sha256=`` before it."""
    given = signature.strip().removeprefix("sha256=")
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    known = (digest.hex(), base64.b64encode(digest).decode())
    tried = (given.lower(), given)
    pairs = zip(known, tried, strict=True)
    return any(hmac.compare_digest(one.encode(), other.encode("utf-8", "replace")) for one, other in pairs)


def _read_form(body: bytes, faults: Faults) -> dict[str, Any]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_PROPERTIES, errors="strict")
    except UnicodeDecodeError:
        faults.add(said("is not UTF-8"))
        return {}
    except ValueError:
        faults.add(said("has more than %(max_properties)s members", max_properties=MAX_PROPERTIES))
        return {}
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            before = found[name]
            found[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            found[name] = value
    check_value(found, faults)
    return found


def _walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict | list):
        for name, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _walk(member, f"{path}.{name}" if path else str(name))
    elif path and value is not None and not isinstance(value, bool):
        yield path, value


def _fold_id(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) and 0 < len(value.strip()) <= MAX_ID else None


def _fold_address(value: Any) -> str | None:
    name, at, host = (fold_email(value) or "").rpartition("@")
    return f"{name}@{host}" if name and at and "." in host.strip(".") and " " not in name + host else None


_FOLDS = {"user_id": _fold_id, "email": _fold_address, "phone": fold_phone}
_WRONG = {
    "user_id": said("has to be a text of 1 to %(max_id)s characters", max_id=MAX_ID),
    "email": said("is no e-mail address"),
    "phone": said("is no phone number"),
}


def shown(text: str | None) -> dict[str, Any]:
    """A body that was kept, as it can still be read: an object, or nothing."""
    try:
        value = json.loads(text or "")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
