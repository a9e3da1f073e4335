"""Addresses of this room. A form's own never changes: it stands in other people's pages."""

from __future__ import annotations

from django.urls import path

from safar.website.page import form_page, forms_of_key

urlpatterns = [
    path("f/<str:token>", form_page, name="form"),
    path("site/forms/<str:key>.json", forms_of_key, name="forms_of_key"),
]
