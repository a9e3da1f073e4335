"""Notices: what the team is told, gathered for each place where it hears, and told together (docs/notices.md)."""
