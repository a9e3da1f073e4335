"""What an operator sets: about fifteen environment values, read once, every fault of them told at once with the mend.

The table VALUES is the whole of it; ``docs/operations.md`` lists the same names and a test holds the two together.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from safar.lib.faults import Faults, Refused, did_you_mean
from safar.postgres.binaries import data_home
from safar.postgres.errors import FolderRefused

SEND_MODES = ("mailbox", "team", "live")
LANGUAGES = ("en", "fa")
LOG_LEVELS = ("debug", "info", "warning", "error")

# Names that are no setting of an installation: the tests' server, fail points, what the supervisor tells its children.
INTERNAL = frozenset({"SAFAR_TEST_DATABASE_URL", "SAFAR_TEST_POSTGRES_MAJOR", "SAFAR_FAILPOINT", "SAFAR_PARENT_PIPE"})


@dataclass(frozen=True)
class Environment:
    """The checked values. ``None`` means: not set, and the default depends on something else (said beside each)."""

    database_url: str | None  # None: the embedded server
    data_dir: Path
    host: str
    port: int
    public_url: str  # without a slash at the end
    allowed_hosts: tuple[str, ...]
    short_host: str  # of short links in SMS; empty: none
    secret_key: str | None  # None: made once and kept in the data folder
    old_secret_keys: tuple[str, ...]  # what was signed or sealed under them still holds
    email_url: str | None  # None: only the built-in mailbox
    email_from: str
    send_mode: str  # mailbox | team | live
    team_addresses: tuple[str, ...]  # who may get mail in the mode team
    engines: int
    log_level: str
    timezone: str  # for new workspaces
    language: str  # en | fa: of pages where the reader has not said


@dataclass(frozen=True)
class Value:
    """One environment value. ``read`` turns its text into the value and raises ValueError saying the mend."""

    name: str
    help: str
    default: str  # as text; empty: none
    read: Callable[[str], Any]


def _text(text: str) -> str:
    return text


def _folder(text: str) -> Path:
    path = Path(text).expanduser() if text.startswith("~/") else Path(text)
    if not path.is_absolute():
        raise ValueError(f"{text!r} is not an absolute path; write it from the root, such as /var/lib/safar")
    return path


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            raise ValueError(f"{text!r} is not a number from {low} to {high}")
        return int(text)

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(f"{text!r} is none of {', '.join(words)}{did_you_mean(text.lower(), words)}")
        return text.lower()

    return read


def _url(*schemes: str, host: bool = True) -> Callable[[str], str]:
    def read(text: str) -> str:
        try:
            parts = urlsplit(text)
            _ = parts.port  # raises where it is no number
        except ValueError:
            raise ValueError("this is no URL: check the brackets and the port") from None
        if parts.scheme not in schemes:  # the text may hold a password: it is not repeated
            raise ValueError(f"it has to begin with {' or '.join(f'{s}://' for s in schemes)}")
        if host and not parts.hostname:
            raise ValueError(f"the host is missing: {parts.scheme}://HOST")
        return text.rstrip("/") if parts.scheme in ("http", "https") else text

    return read


def _host(text: str) -> str:
    labels = text.lower().split(".")
    if len(labels) < 2 or not all(re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", label) for label in labels):
        raise ValueError(f"{text!r} is not a host's name such as shp.ir: no https://, no path")
    return text.lower()


def _list(text: str) -> tuple[str, ...]:
    return tuple(word for word in (part.strip() for part in text.split(",")) if word)


def _addresses(text: str) -> tuple[str, ...]:
    found = _list(text)
    for address in found:
        if address.count("@") != 1 or address.startswith("@") or address.endswith("@"):
            raise ValueError(f"{address!r} is not an e-mail address; write addresses with commas between them")
    return found


def _sender(text: str) -> str:
    address = text.rpartition("<")[2].rstrip(">") if text.endswith(">") else text
    _addresses(address)
    if "," in address or "\n" in text or "\r" in text:
        raise ValueError("write one address, such as Shop <hello@shop.example>")
    return text


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (LookupError, ValueError, OSError):  # what zoneinfo raises for no such name, a path, a folder
        mend = did_you_mean(text, available_timezones())
        raise ValueError(f"{text!r} is not a zone's name such as Asia/Tehran{mend}") from None


def _secret(text: str) -> str:
    if len(text) < 32:
        raise ValueError("it is shorter than 32 characters; leave it out and Safar makes one in its data folder")
    return text


def _secrets(text: str) -> tuple[str, ...]:
    return tuple(map(_secret, _list(text)))


VALUES = (
    Value(
        "SAFAR_DATABASE_URL",
        "PostgreSQL 15 to 18 to use instead of the embedded server",
        "",
        _url("postgresql", "postgres", host=False),
    ),
    Value("SAFAR_DATA_DIR", "folder of the embedded server, the secret key and the installation's epoch", "", _folder),
    Value("SAFAR_HOST", "address the web process listens on", "127.0.0.1", _text),
    Value("SAFAR_PORT", "port the web process listens on", "8000", _number(1, 65535)),
    Value("SAFAR_PUBLIC_URL", "where people and mail links reach this installation", "", _url("http", "https")),
    Value("SAFAR_ALLOWED_HOSTS", "further host names it answers to, with commas between them", "", _list),
    Value(
        "SAFAR_SHORT_HOST", "short host name for links in SMS, such as shp.ir; its requests come here too", "", _host
    ),
    Value("SAFAR_SECRET_KEY", "signs links and sessions; 32 characters or more", "", _secret),
    Value("SAFAR_OLD_SECRET_KEYS", "secret keys of before, with commas between them", "", _secrets),
    Value("SAFAR_EMAIL_URL", "SMTP server: smtp://user:password@host:587 or smtps://…:465", "", _url("smtp", "smtps")),
    Value("SAFAR_EMAIL_FROM", "sender of e-mail, such as Shop <hello@shop.example>", "", _sender),
    Value(
        "SAFAR_SEND_MODE",
        "mailbox keeps all mail here; team sends to SAFAR_TEAM_ADDRESSES only; live sends",
        "",
        _one_of(*SEND_MODES),
    ),
    Value("SAFAR_TEAM_ADDRESSES", "who may get mail in the mode team, with commas between them", "", _addresses),
    Value("SAFAR_ENGINES", "engine processes of `safar run`", "1", _number(1, 64)),
    Value("SAFAR_LOG_LEVEL", "debug, info, warning or error", "info", _one_of(*LOG_LEVELS)),
    Value("SAFAR_TIMEZONE", "zone of new workspaces", "UTC", _zone),
    Value("SAFAR_LANGUAGE", "en or fa: pages for readers who have not said", "en", _one_of(*LANGUAGES)),
)


def read_environment(env: Mapping[str, str] | None = None) -> Environment:
    """Read and check every value; an empty text counts as not set.

    Raises Refused with all faults. Unknown SAFAR_ names are faults: a misspelt one would silently do nothing.
    """
    env = os.environ if env is None else env
    faults = Faults()
    read: dict[str, Any] = {}
    for value in VALUES:
        text = env.get(value.name, "").strip() or value.default
        if not text:
            continue
        try:
            read[value.name] = value.read(text)
        except ValueError as error:
            faults.at(value.name).add(str(error))
    known = [value.name for value in VALUES]
    for name in sorted(env):
        if name.startswith("SAFAR_") and name not in known and name not in INTERNAL:
            faults.at(name).add(f"there is no such value{did_you_mean(name, known)}")
    asked = read.get("SAFAR_SEND_MODE") or ("live" if read.get("SAFAR_EMAIL_URL") else "mailbox")
    _check_together(env, read, asked, faults)
    try:
        data_dir = data_home(env)  # one place decides where data lies when nobody says
    except FolderRefused as error:
        faults.at("SAFAR_DATA_DIR").add(str(error))
    if faults:
        raise Refused(faults)
    public_url = read.get("SAFAR_PUBLIC_URL") or f"http://localhost:{read['SAFAR_PORT']}"
    own_hosts = ("localhost", "127.0.0.1", "[::1]", urlsplit(public_url).hostname or "localhost")
    return Environment(
        database_url=read.get("SAFAR_DATABASE_URL"),
        data_dir=read.get("SAFAR_DATA_DIR") or data_dir,
        host=read["SAFAR_HOST"],
        port=read["SAFAR_PORT"],
        public_url=public_url,
        allowed_hosts=tuple(dict.fromkeys((*own_hosts, *read.get("SAFAR_ALLOWED_HOSTS", ())))),
        short_host=read.get("SAFAR_SHORT_HOST", ""),
        secret_key=read.get("SAFAR_SECRET_KEY"),
        old_secret_keys=read.get("SAFAR_OLD_SECRET_KEYS", ()),
        email_url=read.get("SAFAR_EMAIL_URL"),
        email_from=read.get("SAFAR_EMAIL_FROM", "Safar <safar@localhost>"),
        # Where nobody says, a workspace's own mode counts: without a mail server only what has a service of its own leaves.
        send_mode=read.get("SAFAR_SEND_MODE") or SEND_MODES[-1],
        team_addresses=read.get("SAFAR_TEAM_ADDRESSES", ()),
        engines=read["SAFAR_ENGINES"],
        log_level=read["SAFAR_LOG_LEVEL"],
        timezone=read["SAFAR_TIMEZONE"],
        language=read["SAFAR_LANGUAGE"],
    )


def _check_together(env: Mapping[str, str], read: Mapping[str, Any], mode: str, faults: Faults) -> None:
    """What no value can say alone. A value that is faulty itself is not complained of twice."""

    def missing(name: str) -> bool:
        return not env.get(name, "").strip()

    if mode != "mailbox" and missing("SAFAR_EMAIL_URL"):
        faults.at("SAFAR_EMAIL_URL").add(f"is not set, and SAFAR_SEND_MODE={mode} needs a mail server")
    if mode != "mailbox" and missing("SAFAR_EMAIL_FROM"):
        faults.at("SAFAR_EMAIL_FROM").add("is not set: real mail needs a sender, such as Shop <hello@shop.example>")
    if mode == "team" and missing("SAFAR_TEAM_ADDRESSES"):
        faults.at("SAFAR_TEAM_ADDRESSES").add("is not set, and in the mode team nobody else gets mail")
