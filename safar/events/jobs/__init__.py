"""Work that takes longer than a page may: kept in a table, done by a thread of an engine process, taken up again after a crash."""
