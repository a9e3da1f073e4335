"""The way out: the gate before every message, the providers that carry it, and the dispatcher. See
docs/rooms/channels.md.
"""
