from django.apps import AppConfig


class ShopsConfig(AppConfig):
    name = "safar.shops"
    label = "shops"
