"""Everything that is kept of one person, as one JSON and as a page that people can read, in a ZIP."""
