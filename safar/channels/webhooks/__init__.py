"""Calls to other systems: what they say, how they are signed, and what comes back."""
