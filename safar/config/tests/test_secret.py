"""The secret key of an installation."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from safar.config import secret
from safar.lib.faults import Refused


def test_made_once_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "safar"
    key = secret.read_or_make(folder)
    assert len(key) >= 32
    assert secret.read_or_make(folder) == key
    assert stat.S_IMODE((folder / secret.FILE_NAME).stat().st_mode) == 0o600


def test_two_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret.read_or_make(tmp_path), range(32)))
    assert len(keys) == 1
    assert os.listdir(tmp_path) == [secret.FILE_NAME]


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff\xfe"])
def test_a_damaged_key_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / secret.FILE_NAME).write_bytes(content)
    with pytest.raises(Refused, match="SAFAR_SECRET_KEY"):
        secret.read_or_make(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="set SAFAR_SECRET_KEY"):
        secret.read_or_make(tmp_path / "file" / "data")
