from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "safar.segments"
    label = "segments"
