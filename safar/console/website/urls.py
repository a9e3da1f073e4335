"""Forms and pop-ups: the list, one that is drawn, taken away."""

from __future__ import annotations

from django.urls import path

from safar.console.website import views
from safar.console.website.figures import figures
from safar.console.website.previewing import preview

urlpatterns = [
    path("website/", views.website, name="website"),
    path("website/new/", views.form, name="form_new"),
    path("website/new/preview/", preview, name="form_preview"),
    path("website/<slug:key>/", views.form, name="form"),
    path("website/<slug:key>/figures/", figures, name="form_figures"),
    path("website/<slug:key>/delete/", views.delete, name="form_delete"),
]
