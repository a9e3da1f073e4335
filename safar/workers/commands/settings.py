"""The environment's values for commands. ``safar.config`` is above us: Django hands them down."""

from __future__ import annotations

from typing import Any

from safar.cli.session import prepare


def settings() -> Any:
    """The checked values (``safar.config.environment.Environment``). Raises Refused with every fault."""
    prepare()
    from django.conf import settings as django_settings

    return django_settings.SAFAR
