"""Campaigns: the list, one's page, planning and sending one."""

from __future__ import annotations

from django.urls import path

from safar.console.campaigns import acting, planning, showing

urlpatterns = [
    path("campaigns/", showing.campaigns, name="campaigns"),
    path("campaigns/new/", planning.new_campaign, name="new_campaign"),
    path("campaigns/reach/", planning.reach, name="campaign_reach"),
    path("campaigns/<slug:key>/", showing.campaign, name="campaign"),
    path("campaigns/<slug:key>/edit/", planning.edit_campaign, name="edit_campaign"),
    path("campaigns/<slug:key>/missed/", showing.missed, name="campaign_missed"),
    path("campaigns/<slug:key>/send/", acting.send, name="send_campaign"),
    path("campaigns/<slug:key>/pause/", acting.pause, name="pause_campaign"),
    path("campaigns/<slug:key>/resume/", acting.resume, name="resume_campaign"),
    path("campaigns/<slug:key>/cancel/", acting.cancel, name="cancel_campaign"),
    path("campaigns/<slug:key>/copy/", acting.copy, name="copy_campaign"),
]
