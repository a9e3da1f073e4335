"""Segments as they are kept: what somebody wrote."""

from __future__ import annotations

from django.db import models

from safar.accounts.models import Workspace


class Segment(models.Model):
    """A saved condition. condition: JSON text as it was written, order kept."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    title = models.JSONField(default=dict, blank=True)  # language → text
    condition = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="segment_key")]

    def __str__(self) -> str:
        return self.key
