from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "safar.outbox"
    label = "outbox"
