"""Hooks: secret addresses at which other systems tell us something about a contact (docs/hooks.md)."""
