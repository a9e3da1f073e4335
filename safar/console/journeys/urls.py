"""Journeys: the list, a new one, the map with its JSON, and what one does to a journey."""

from __future__ import annotations

from django.urls import path

from safar.console.journeys import acting, drafting, listing, mapping, moves, people, progress, publishing, versions

urlpatterns = [
    path("journeys/", listing.journeys, name="journeys"),
    path("journeys/new/", listing.new_journey, name="new_journey"),
    path("journeys/<slug:key>/", mapping.journey, name="journey"),
    path("journeys/<slug:key>/map.json", drafting.map_json, name="journey_map"),
    path("journeys/<slug:key>/parse.json", drafting.parse_json, name="journey_parse"),
    path("journeys/<slug:key>/figures.json", mapping.figures_json, name="journey_figures"),
    path("journeys/<slug:key>/publishing.json", publishing.publishing_json, name="journey_publishing"),
    path("journeys/<slug:key>/progress/", progress.progress, name="journey_progress"),
    path("journeys/<slug:key>/stop/", progress.stop, name="stop_publishing"),
    path("journeys/<slug:key>/people/", people.people, name="journey_people"),
    path("journeys/<slug:key>/moves/", moves.moves, name="journey_moves"),
    path("journeys/<slug:key>/versions/", versions.versions, name="journey_versions"),
    path("journeys/<slug:key>/versions/<int:number>/restore/", versions.restore, name="restore_version"),
    path("journeys/<slug:key>/journey.yaml", acting.export, name="export_journey"),
    path("journeys/<slug:key>/pause/", acting.pause, name="pause_journey"),
    path("journeys/<slug:key>/resume/", acting.resume, name="resume_journey"),
    path("journeys/<slug:key>/archive/", acting.archive, name="archive_journey"),
    path("journeys/<slug:key>/copy/", acting.copy, name="copy_journey"),
]
