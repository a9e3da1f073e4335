from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "safar.console"
    label = "console"
