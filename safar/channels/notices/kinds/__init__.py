"""The kinds of destinations: a file each, found by its key."""
