"""What the map island says of figures that are reckoned, of dragging, and of a back-test (see island_words.py)."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

FIGURE_WORDS = {
    "reckoning": _("being reckoned…"),
    "stay": _("Usual stay"),
    "stay_of": _(
        "The median: of the last {n} people who went on from here, half stayed shorter and half longer. At most the last 2,000 count."
    ),
    "stay_none": _("nobody has gone on yet"),
    "earned": _("Earned"),
    "earned_of": _(
        "Orders: {orders}, of {people} people. Each counts once, at the latest message that its buyer had received before it."
    ),
    "earned_no_goal": _("no goal set"),
    "earned_no_amount": _("{n} times; the goal has no amount"),
    "earned_unpriced": _("without a readable amount besides: {n}"),
    "cost": _("Cost"),
    "cost_no_price": _("no price set"),
    "cost_nothing_sent": _("nothing sent yet"),
    "cost_kept": _("Cost, had the mailbox sent"),
    "cost_unpriced": _("without a price besides: {n}"),
    "lift": _("Lift"),
    "lift_points": _("{points} more of a hundred reach the goal (between {low} and {high})"),
    "lift_less": _("{points} fewer of a hundred reach the goal (between {low} and {high})"),
    "lift_chance": _("{points} of a hundred (between {low} and {high}): it may be chance"),
    "lift_of": _(
        "Let in: {people}, of whom {share} reached the goal. Held out: {held}, of whom {held_share} did. The interval is right 95 times of a hundred."
    ),
    "lift_few": _("{held} held out so far; it can be told from {least} on"),
    "variants_by": _("Variants, compared by {metric}"),
    "metric_opened": _("openings"),
    "metric_clicked": _("clicks"),
    "metric_goal": _("goals reached"),
    "variant_line": _("{did} of {sent}"),
    "variants_winner": _("“{name}” is better: {points} more of a hundred (between {low} and {high})."),
    "variants_chance": _("“{name}” is ahead by {points} of a hundred (between {low} and {high}), which may be chance."),
    "variants_few": _("Which is better can be told when at least {least} people have got each."),
    "variants_unknown": _("Which is better cannot be told: nothing is known of this here."),
    "points_panel": _("Points"),
    "points_hint": _("Drag a point onto a “+” of the map, or press it and then the “+”."),
    "carrying_new": _("Choose a “+” to put “{what}” there."),
    "not_here": _("It cannot stand here"),
    "trial_figures": _("Figures of the back-test"),
    "trial_going": _("no figures before it is done"),
    "unknown_reads": _("unknown: depends on answers to messages"),
    "unknown_after": _("behind an unknown answer"),
    "unknown": _("unknown"),
    "if_nobody": _("if nobody had answered: {n}"),
    "would_send": _("Messages that would have gone out"),
    "would_enter": _("Would have entered"),
    "would_stand": _("Would be standing here now"),
    "would_go": _("Would have gone by “{path}”"),
    "would_leave": _("Would have left: {reason}"),
}
