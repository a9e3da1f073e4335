"""Journeys to begin with: one folder a journey, with its map, its messages in both languages, and what it needs to work.

``shelf.list_ready_made(language)`` tells what there is, without a database; ``using.use_ready_made(workspace, key)`` makes one a draft, with
its templates and segments.
"""
