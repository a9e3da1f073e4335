"""What messages are made from. Written by the services of this room."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Value


class Template(models.Model):
    """A message as it was written, in one language or in both.

    languages: {"fa": {"subject", "preheader", "html", "text"}, "en": …}; for SMS ``text`` (free, on an advertising line), ``pattern`` (patterns.py), or both.
    A text that is missing is made from the HTML.
    document: {"fa": what the HTML was compiled from (mjml.py)}; a language without one was written as HTML or text.
    revision: grows with every change, so that two who edit at once do not overwrite each other.
    fallbacks: {"contact.first_name": {"fa": "دوست عزیز", "en": "friend"}}: what stands for a variable that a contact
    does not have.
    """

    id = models.AutoField(primary_key=True)
    workspace_id = models.IntegerField()
    key = models.CharField(max_length=128)
    channel = models.CharField(max_length=16)  # email, sms, and whatever providers carry later
    title = models.CharField(max_length=200, default="", blank=True)
    languages = models.JSONField(default=dict)
    document = models.JSONField(default=dict, blank=True, db_default=Value({}, models.JSONField()))
    fallbacks = models.JSONField(default=dict, blank=True)
    strict = models.BooleanField(
        default=False
    )  # a variable without value or fall-back: the message fails instead of going out with a gap
    once_more = models.BooleanField(
        default=False
    )  # transactional, outcome unknown: send a second time rather than perhaps not at all
    sender = models.CharField(max_length=320, default="", blank=True)  # Name <address>; empty: the workspace's
    topic = models.CharField(max_length=64, default="", blank=True, db_default="")  # its key; empty: of none
    tracking = models.JSONField(default=dict, blank=True, db_default=Value({}, models.JSONField()))  # switches.py
    revision = models.IntegerField(default=0, db_default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "key"], name="template_key"),
            models.CheckConstraint(condition=~Q(key=""), name="template_has_key"),
        ]

    def __str__(self) -> str:
        return self.key


class Media(models.Model):
    """A picture for messages, encoded anew by us (media.py). hash: of the content, by which it is named; never changed."""

    id = models.AutoField(primary_key=True)
    workspace_id = models.IntegerField()
    hash = models.CharField(max_length=32)
    extension = models.CharField(max_length=4)
    content = models.BinaryField()
    width = models.IntegerField()
    height = models.IntegerField()
    size = models.IntegerField()  # bytes
    name = models.CharField(max_length=200, default="", blank=True)  # of the file that was brought
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "hash"], name="media_hash")]

    def __str__(self) -> str:
        return f"{self.hash}.{self.extension}"
