from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "safar.contacts"
    label = "contacts"
