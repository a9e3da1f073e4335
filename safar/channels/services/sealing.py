"""What a workspace's service is opened with, sealed under the installation's secret key: a stolen database says nothing of it.

Fernet (AES-128-CBC and HMAC-SHA256) under a key derived from SAFAR_SECRET_KEY. Keys that were before it (SAFAR_OLD_SECRET_KEYS) still
open; what is kept anew is always sealed with the first.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(secrets: Mapping[str, str], keys: Sequence[str]) -> bytes:
    """keys: secret keys of the installation, the present one first."""
    return _ring(tuple(keys)).encrypt(json.dumps(dict(secrets)).encode())


def unseal(sealed: bytes, keys: Sequence[str]) -> dict[str, str]:
    """Raises ValueError where none of the keys opens it."""
    try:
        opened = json.loads(_ring(tuple(keys)).decrypt(bytes(sealed)))
    except InvalidToken:
        raise ValueError("the key of the service was sealed under another SAFAR_SECRET_KEY; enter it again") from None
    return {str(name): str(value) for name, value in opened.items()}


@lru_cache(maxsize=16)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=b"safar", info=b"safar.service").derive(key.encode())
    return base64.urlsafe_b64encode(made)
