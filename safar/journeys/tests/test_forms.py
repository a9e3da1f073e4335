"""Forms of kinds: their helps speak of paths as the map does."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from safar.journeys.forms import PATHS, kind_forms, path_words

QUOTED = re.compile("[“«]([^”»]+)[”»]")


def helps(language: str) -> Iterator[str]:
    for kind in kind_forms(language):
        yield kind["help"]
        yield from (parameter["help"] for parameter in kind["parameters"])


@pytest.mark.parametrize("language", ["en", "fa"])
def test_helps_name_paths_by_their_labels(language: str) -> None:
    quoted = {word for help in helps(language) for word in QUOTED.findall(help)}
    labels = path_words(language)
    assert labels["timed_out"] in quoted
    assert labels["else"] in quoted
    assert not {path for path in PATHS if path != labels[path]} & quoted
