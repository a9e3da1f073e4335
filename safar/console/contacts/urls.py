"""Contacts: the list, a contact's page and what can be done there, files in and out, tags, topics."""

from __future__ import annotations

from django.urls import path

from safar.console.contacts import changing, contact, ending, exporting, importing, listing, tagging, topics

urlpatterns = [
    path("contacts/", listing.contacts, name="contacts"),
    path("contacts/columns/", listing.contact_columns, name="contact_columns"),
    path("contacts/export.csv", exporting.export_page, name="export_contacts"),
    path("contacts/import/", importing.import_contacts, name="import_contacts"),
    path("contacts/import/<int:job>/", importing.import_job, name="import_job"),
    path("contacts/import/<int:job>/drop/", importing.drop_import, name="drop_import"),
    path("contacts/import/<int:job>/refused.csv", importing.import_refused, name="import_refused"),
    path("contacts/<int:contact>/", contact.contact, name="contact"),
    path("contacts/<int:contact>/timeline/", contact.timeline, name="contact_timeline"),
    path("contacts/<int:contact>/fields/", changing.fields, name="contact_fields"),
    path("contacts/<int:contact>/tags/", changing.tags, name="contact_tags"),
    path("contacts/<int:contact>/consent/", changing.consent, name="contact_consent"),
    path("contacts/<int:contact>/topic/", changing.topic, name="contact_topic"),
    path("contacts/<int:contact>/ids/", changing.ids, name="contact_ids"),
    path("contacts/<int:contact>/notes/", changing.notes, name="contact_notes"),
    path("contacts/<int:contact>/merge/", ending.merge_contact, name="merge_contact"),
    path("contacts/<int:contact>/erase/", ending.erase_contact_page, name="erase_contact"),
    path("tags/", tagging.tags, name="tags"),
    path("tags/call/", tagging.call_tag, name="call_tag"),
    path("tags/remove/", tagging.remove_tag, name="remove_tag"),
    path("topics/", topics.topics, name="topics"),
    path("topics/new/", topics.topic, name="new_topic"),
    path("topics/<slug:key>/", topics.topic, name="topic"),
    path("topics/<slug:key>/move/", topics.move_topic, name="move_topic"),
    path("topics/<slug:key>/delete/", topics.remove_topic, name="delete_topic"),
]
