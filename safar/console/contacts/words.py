"""How pages of contacts name things: columns, facts, states, what happened."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

COLUMNS = {
    "email": _("E-mail"),
    "phone": _("Phone"),
    "external_id": _("Customer id"),
    "tags": _("Tags"),
    "orders": _("Orders"),
    "spent": _("Spent"),
    "last_order": _("Last order"),
    "last_seen": _("Last seen"),
    "created_at": _("Known since"),
}
FIRST_COLUMNS = ("email", "tags", "orders", "spent", "last_seen")

# Kept figures in the order of the page, with what they are.
FACTS = (
    ("orders", _("Orders"), "number"),
    ("spent", _("Spent"), "money"),
    ("average_order", _("Average order"), "money"),
    ("first_order", _("First order"), "moment"),
    ("last_order", _("Last order"), "moment"),
    ("cart_value", _("Cart"), "money"),
    ("cart_since", _("Cart since"), "moment"),
    ("last_seen", _("Last seen"), "moment"),
    ("opens", _("E-mails opened"), "number"),
    ("last_open", _("Last opened"), "moment"),
    ("clicks", _("Clicks"), "number"),
    ("last_click", _("Last click"), "moment"),
)
TRAITS = {
    "name": _("Name"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "city": _("City"),
    "birthday": _("Birthday"),
    "language": _("Language"),
    "timezone": _("Time zone"),
    "company": _("Company"),
}
NAME_KINDS = {1: _("Customer id"), 2: _("Visitor id"), 3: _("E-mail"), 4: _("Phone")}
CHANNELS = {"email": _("E-mail"), "sms": _("SMS"), "notice": _("Notice"), "webhook": _("Webhook")}
CONSENTS = {
    "given": _("given"),
    "pending": _("waits for confirmation"),
    "withdrawn": _("withdrawn"),
    "unknown": _("unknown"),
}
TOPIC_STATES = {"joined": _("joined"), "left": pgettext_lazy("topic", "left"), "unknown": _("said nothing")}
TOPIC_COLOURS = {"joined": "green", "left": "red", "unknown": "secondary"}
SOURCES = {
    "by_hand": _("by hand"),
    "import": _("from a file"),
    "unsubscribe": _("by the link in a message"),
    "sms_word": _("by an SMS to a line"),
    "preferences": _("in the preference centre"),
    "confirmation": _("by the link of a confirmation"),
    "form": _("by a form"),
    "identify": _("from the shop or the site"),
    "track": _("from the shop or the site"),
    "edit": _("by a program"),
}
CONSENT_COLOURS = {"given": "green", "pending": "yellow", "withdrawn": "red", "unknown": "secondary"}
SUPPRESSIONS = {
    "unsubscribed": _("unsubscribed"),
    "bounced": _("the address does not exist"),
    "complained": _("reported as spam"),
    "by_hand": _("by hand"),
    "stop_word": _("a stop word by SMS"),
}
STATUSES = {
    "open": _("on the road"),
    "finished": _("finished"),
    "left": _("left"),
    "set_aside": _("set aside"),
    "held_out": _("in the control group"),
}
STATUS_COLOURS = {"open": "blue", "finished": "green", "left": "secondary", "set_aside": "red", "held_out": "purple"}
REASONS = {
    "goal": _("reached the goal"),
    "exit_when": _("the exit condition came true"),
    "merged": _("merged with another contact"),
    "erased": _("erased"),
    "by_hand": _("by hand"),
    "archived": _("the journey was archived"),
    "unsubscribed": _("unsubscribed from every topic"),
    "leave_journey": _("called off by another journey"),
}
MESSAGE_STATES = {
    "pending": _("waits"),
    "sending": _("is being sent"),
    "retry_wait": _("is tried again"),
    "accepted": _("sent"),
    "failed": _("failed"),
    "skipped": _("not sent"),
    "delivered": _("delivered"),
    "undelivered": _("sent, and not delivered"),
    "in_doubt": _("in doubt"),
    "assumed_sent": _("assumed sent"),
}
MESSAGE_REASONS = {
    "erased": _("the contact was erased"),
    "left_the_journey": _("left the journey before"),
    "expired": _("came too late"),
    "no_address": _("no address"),
    "no_consent": _("no consent"),
    "topic_left": _("has left the topic"),
    "preferences": _("wanted a pause from our messages"),
    "suppressed": _("the address is on the suppression list"),
    "capped": _("had as many messages as one may get"),
    "stopped": _("stopped by hand"),
    "cannot_be_rendered": _("the template cannot be filled"),
}
KINDS = {
    "": _("Everything"),
    "events": _("Events"),
    "messages": _("Messages"),
    "passages": _("Journeys"),
    "changes": _("Changes"),
    "notes": _("Notes"),
}
EVENTS = {
    "identify": _("Told who they are"),
    "page_viewed": _("Viewed a page"),
    "screen_viewed": _("Viewed a screen"),
    "alias": _("Got another id"),
    "edit": _("Was edited"),
    "note_added": _("Note"),
    "unsubscribed": _("Unsubscribed"),
    "preferences_changed": _("Changed how they hear from us"),
    "topic_joined": _("Joined a topic"),
    "topic_left": _("Left a topic"),
    "tag_added": _("Got a tag"),
    "tag_removed": _("Lost a tag"),
    "trait_changed": _("A field changed"),
    "segment_joined": _("Joined a segment"),
    "segment_left": _("Left a segment"),
    "journey_entered": _("Entered a journey"),
    "journey_ended": _("Ended a journey"),
    "sent_to_journey": _("Was sent to a journey"),
    "taken_from_journey": _("Was taken out of a journey"),
    "added_by_hand": _("Was added by hand"),
    "message_sent": _("A message was sent"),
    "message_delivered": _("A message arrived"),
    "message_bounced": _("A message bounced"),
    "message_complained": _("Called a message spam"),
    "message_failed": _("A message failed"),
    "message_skipped": _("A message was not sent"),
    "email_opened": _("Opened an e-mail"),
    "email_clicked": _("Clicked in an e-mail"),
    "sms_clicked": _("Clicked in an SMS"),
    "email_opened_by_machine": _("A machine opened an e-mail"),
    "email_clicked_by_machine": _("A machine followed a link of an e-mail"),
    "sms_clicked_by_machine": _("A machine followed a link of an SMS"),
    "Product Viewed": _("Viewed a product"),
    "Product Added": _("Put something into the cart"),
    "Product Removed": _("Took something out of the cart"),
    "Cart Viewed": _("Viewed the cart"),
    "Cart Updated": _("Changed the cart"),
    "Checkout Started": _("Began to check out"),
    "Order Completed": _("Ordered"),
    "Order Corrected": _("An order was changed"),
    "Order Refunded": _("Got money back"),
    "Order Cancelled": _("Cancelled an order"),
    "Signed Up": _("Signed up"),
}
# Properties of events that are so common that they have words.
PROPERTIES = {
    "name": _("name"),
    "price": _("price"),
    "quantity": _("quantity"),
    "total": _("total"),
    "value": _("value"),
    "cart_value": _("value of the cart"),
    "shipping": _("shipping"),
    "discount": _("discount"),
    "products": _("products"),
    "category": _("category"),
    "coupon": _("coupon"),
    "tag": _("tag"),
    "topic": _("topic"),
    "segment": _("segment"),
    "journey": _("journey"),
    "point": _("point"),
    "channel": _("channel"),
    "template": _("template"),
    "reason": _("reason"),
    "title": _("title"),
    "path": _("path"),
    "trait": _("field"),
    "from": _("before"),
    "to": _("after"),
    "status": _("status"),
    "merged": _("merged"),
}
