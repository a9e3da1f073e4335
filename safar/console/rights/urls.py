"""People's rights: the consent record, what people asked for, and everything of one person."""

from __future__ import annotations

from django.urls import path

from safar.console.rights import everything, record, requests

urlpatterns = [
    path("consents/", record.consents, name="consents"),
    path("consents.csv", record.consents_csv, name="consents_csv"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<int:number>/end/", requests.end, name="request_end"),
    path("contacts/<int:contact>/request/", requests.put_down, name="request_new"),
    path("contacts/<int:contact>/everything/", everything.begin, name="everything"),
    path("contacts/<int:contact>/everything/<int:job>/", everything.progress, name="everything_job"),
    path("contacts/<int:contact>/everything/<int:job>/file.zip", everything.file, name="everything_file"),
]
