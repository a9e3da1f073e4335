"""The web process: /v1/* and /shops/* by the ingestion room, tracked links, /static/* from the built assets, everything else by Django."""

from __future__ import annotations

import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safar.config.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application

from safar.api import app
from safar.console.static_files import with_static_files

pages = cast(app.Application, with_static_files(cast(Any, get_asgi_application())))
application = app.application(
    pages,
    keys=(settings.SECRET_KEY, *settings.SAFAR.old_secret_keys),
    own_hosts=tuple(host for host in settings.SAFAR.allowed_hosts if host != settings.SAFAR.short_host),
    public_url=settings.SAFAR.public_url,
)
