"""The web process: /v1/* by the ingestion room, everything else by Django."""

from __future__ import annotations

import os
from typing import cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safar.config.settings")

from django.core.asgi import get_asgi_application

from safar.api import app

application = app.application(cast(app.Application, get_asgi_application()))
