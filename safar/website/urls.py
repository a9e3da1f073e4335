"""Addresses of this room. A form's own never changes: it stands in other people's pages."""

from __future__ import annotations

from django.urls import path

from safar.website.page import form_page
from safar.website.script import form_of_key, forms_of_key, mine, seen

urlpatterns = [
    path("f/<str:token>", form_page, name="form"),
    path("site/forms/<str:key>.json", forms_of_key, name="forms_of_key"),
    path("site/forms/<str:key>/seen", seen, name="form_seen"),
    path("site/forms/<str:key>/mine", mine, name="forms_mine"),
    path("site/forms/<str:key>/<str:form>.json", form_of_key, name="form_of_key"),
]
