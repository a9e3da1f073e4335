from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "safar.website"
    label = "website"
