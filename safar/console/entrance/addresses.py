"""The door: signing in and out, one-time links, invitations, one's own account. The only addresses outside a workspace."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path

from safar.console.entrance import own, views, workspaces

# Of allauth's addresses those that are wanted: nobody signs up by himself, and an address is changed on the own page.
urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", views.by_invitation, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/change/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/password/reset/", account.password_reset, name="account_reset_password"),
    path("account/password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "account/password/reset/<str:uidb36>-<str:key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("account/second-step/", include("allauth.mfa.urls")),
    path("account/", own.account, name="account"),
    path("account/address/withdraw/", own.withdraw_address, name="withdraw_address"),
    path("address/<str:token>/", own.confirm_address, name="confirm_address"),
    path("workspaces/", workspaces.workspaces, name="workspaces"),
    path("workspaces/new/", workspaces.new_workspace, name="new_workspace"),
    path("account/language/", views.set_language, name="set_language"),
    path("account/theme/", views.set_theme, name="set_theme"),
    path("enter/<str:token>/", views.enter, name="enter"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]
