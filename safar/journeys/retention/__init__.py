"""What a workspace keeps no longer goes by itself, a slice at a time (docs/operations.md, "How long things are kept")."""
