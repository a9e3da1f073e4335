"""Segments: the list, and the page on which one is made."""

from __future__ import annotations

from django.urls import path

from safar.console.segments import editing, listing

urlpatterns = [
    path("segments/", listing.segments, name="segments"),
    path("segments/new/", editing.new_segment, name="new_segment"),
    path("segments/preview/", editing.preview, name="segment_preview"),
    path("segments/parse/", editing.parse, name="segment_parse"),
    path("segments/<slug:key>/", editing.segment, name="segment"),
    path("segments/<slug:key>/count/", listing.count, name="segment_count"),
    path("segments/<slug:key>/delete/", listing.delete, name="segment_delete"),
]
