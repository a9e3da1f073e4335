"""The web process: /v1/* by the ingestion room, everything else by Django."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safar.config.settings")

application = get_asgi_application()
