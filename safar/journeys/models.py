"""Journeys as they are kept: the draft, and the versions that never change."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from safar.accounts.models import Workspace

DRAFT, LIVE, PAUSED, ARCHIVED = "draft", "live", "paused", "archived"
STATES = (DRAFT, LIVE, PAUSED, ARCHIVED)


class Journey(models.Model):
    """A journey. Its id is its place in the order of journeys.

    draft: JSON text as written, order kept, or empty; it may be unfinished, with faults. revision: goes up with every
    change of the draft, so that whoever saves over a newer one is told. drafted_by: who made it what it is.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    draft = models.TextField(blank=True, default="")
    revision = models.IntegerField(default=1, db_default=1)
    drafted_by = models.CharField(max_length=200, blank=True, default="", db_default="")
    drafted_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=16, default=DRAFT)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="journey_key"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="journey_state"),
        ]

    def __str__(self) -> str:
        return self.key


class Version(models.Model):
    """A published state of a journey: unchangeable. live: new people come in by it; those on older ones stay there."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="+")
    number = models.IntegerField()
    definition = models.TextField()
    live = models.BooleanField(default=True)
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["journey", "number"], name="version_number"),
            models.UniqueConstraint(fields=["journey"], condition=Q(live=True), name="version_live"),
        ]

    def __str__(self) -> str:
        return f"{self.journey_id}.{self.number}"
