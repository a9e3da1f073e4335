from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "safar.content"
    label = "content"
