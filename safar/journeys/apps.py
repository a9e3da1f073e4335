from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "safar.journeys"
    label = "journeys"
