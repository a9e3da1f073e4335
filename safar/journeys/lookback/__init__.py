"""The look back: what the ready-made journeys would have done over the past year of a shop, and what lies within their reach.

``orders`` reads a file of orders, ``story`` tells it as events, ``looking`` plays the journeys over it (or over what a workspace has
recorded) by the back-test, and ``reach`` weighs what came out. ``job`` does it for a page.
"""
