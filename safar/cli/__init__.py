"""The door for people at a terminal: one file a group of commands. They parse and show; services decide."""

from safar.cli.app import build_app, run

__all__ = ["build_app", "run"]
