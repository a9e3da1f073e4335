"""Messages: the templates, one of them with its editor, previews and tests."""

from __future__ import annotations

from django.urls import path

from safar.console.messages import editing, left, library, listing, trying

# Keys come from files too, and may hold anything: the longest address first.
urlpatterns = [
    path("messages/", listing.messages, name="messages"),
    path("messages/new/", listing.new_template, name="new_template"),
    path("messages/media/", library.media_library, name="media_library"),
    path("messages/media.json", library.media_json, name="media_json"),
    path("messages/media/<slug:digest>/delete/", library.delete_picture, name="delete_picture"),
    path("messages/left/", left.sms_left, name="sms_left"),
    path("messages/people.json", trying.people_json, name="template_people"),
    path("messages/<path:key>/template.json", editing.template_json, name="template_json"),
    path("messages/<path:key>/delete/", editing.delete, name="delete_template"),
    path("messages/<path:key>/preview.json", trying.preview_json, name="template_preview"),
    path("messages/<path:key>/preview.html", trying.preview_html, name="template_frame"),
    path("messages/<path:key>/test/", trying.test_json, name="template_test"),
    path("messages/<path:key>/links/", editing.links, name="template_links"),
    path("messages/<path:key>/", editing.template, name="template"),
]
