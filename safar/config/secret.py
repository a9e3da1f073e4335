"""The installation's own secret key: made once, kept in the data folder, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from safar.lib.faults import Fault, Refused

FILE_NAME = "secret.key"


def read_or_make(folder: Path) -> str:
    """The key in ``folder``; the folder and the key are made where they are not there yet.

    Two processes that start at once agree: the file appears whole under its name, and only if the name is free.
    Raises Refused where the folder cannot be written or the key cannot be read.
    """
    path = folder / FILE_NAME
    try:
        if not path.exists():
            # Root starts the embedded server as somebody else, who has to pass through this folder.
            folder.mkdir(mode=0o755 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            _make(path)
        key = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        mend = "make the folder writable for the user that runs Safar, or set SAFAR_SECRET_KEY"
        raise Refused(
            [Fault("SAFAR_SECRET_KEY", f"{path}: {getattr(error, 'strerror', None) or error}; {mend}")]
        ) from None
    if len(key) < 32:
        raise Refused(
            [Fault("SAFAR_SECRET_KEY", f"{path} holds no key of 32 characters; remove the file and start again")]
        )
    return key


def _make(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with open(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w", encoding="ascii"
    ) as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # unlike a rename this does not replace a key that another process made meanwhile
    except FileExistsError:
        pass
    finally:
        draft.unlink()
