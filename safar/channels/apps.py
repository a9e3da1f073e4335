from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "safar.channels"
    label = "channels"
