"""A workspace as one file: written from a running Safar, read into an empty one. The format is docs/archive.md."""

FORMAT = 1
