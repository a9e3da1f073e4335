"""What a workspace is: its zone, money and language, its members, keys, senders, and who did what."""

from __future__ import annotations

from django.urls import path

from safar.console.settings import (
    audit,
    deleting,
    email,
    keys,
    members,
    occasions,
    rates,
    senders,
    shops,
    sms,
    timing,
    tracking,
    workspace,
)

urlpatterns = [
    path("settings/", workspace.settings, name="settings"),
    path("settings/members/", members.members, name="members"),
    path("settings/members/<int:membership_id>/", members.change, name="member"),
    path("settings/members/<int:membership_id>/remove/", members.remove, name="member_remove"),
    path("settings/invitations/<int:invitation_id>/withdraw/", members.withdraw, name="invitation_withdraw"),
    path("settings/keys/", keys.keys, name="keys"),
    path("settings/keys/<int:key_id>/revoke/", keys.revoke, name="key_revoke"),
    path("settings/senders/", senders.senders, name="senders"),
    path("settings/senders/stop/", senders.stop, name="senders_stop"),
    path("settings/email/", email.email, name="email_service"),
    path("settings/email/remove/", email.remove, name="email_remove"),
    path("settings/email/test/", email.test, name="email_test"),
    path("settings/email/test/<int:number>/", email.tested, name="email_tested"),
    path("settings/sms/", sms.sms, name="sms_service"),
    path("settings/sms/remove/", sms.remove, name="sms_remove"),
    path("settings/sms/test/", sms.test, name="sms_test"),
    path("settings/sms/test/<int:number>/", sms.tested, name="sms_tested"),
    path("settings/sms/credit/", sms.credit, name="sms_credit"),
    path("settings/tracking/", tracking.tracking, name="tracking"),
    path("settings/tracking/check/", tracking.check, name="tracking_check"),
    path("settings/timing/", timing.timing, name="timing"),
    path("settings/shops/", shops.shops, name="shops"),
    path("settings/shops/new/", shops.new, name="shop_new"),
    path("settings/shops/<int:shop_id>/", shops.shop, name="shop"),
    path("settings/shops/<int:shop_id>/past/", shops.past, name="shop_past"),
    path("settings/shops/<int:shop_id>/fetch/", shops.fetch, name="shop_fetch"),
    path("settings/shops/<int:shop_id>/stop/", shops.stop, name="shop_stop"),
    path("settings/shops/<int:shop_id>/plugin/", shops.plugin, name="shop_plugin"),
    path("settings/shops/<int:shop_id>/disconnect/", shops.disconnect, name="shop_disconnect"),
    path("settings/rates/", rates.rates, name="rates"),
    path("settings/rates/<str:currency>/<str:day>/drop/", rates.drop, name="rate_drop"),
    path("settings/occasions/", occasions.occasions, name="occasions"),
    path("settings/occasions/<str:key>/", occasions.change, name="occasion"),
    path("settings/audit/", audit.audit, name="audit"),
    path("settings/delete/", deleting.delete, name="delete_workspace"),
]
