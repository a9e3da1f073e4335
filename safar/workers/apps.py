from django.apps import AppConfig


class WorkersConfig(AppConfig):
    name = "safar.workers"
    label = "workers"
