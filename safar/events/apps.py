from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "safar.events"
    label = "events"
