"""Looking up further rows of the contact: one index probe each, whatever the planner believes."""

from __future__ import annotations

from psycopg.sql import SQL, Composable

from safar.segments.reading import Reading


def rows(table: str, tests: Composable, r: Reading) -> Composable:
    """FROM … WHERE … of the contact's rows in `table` under the alias v."""
    return SQL("FROM {} v WHERE v.bucket = {} AND v.contact_id = {} AND {}").format(
        SQL(table), r.bucket, r.contact, tests
    )


def exists(found: Composable) -> Composable:
    """Whether there is a row. found: FROM … WHERE ….

    OFFSET 0 keeps it a subquery that is asked for each contact: else, with a table of people that was never analysed, the planner
    may read the whole event log once and hash it.
    """
    return SQL("EXISTS (SELECT {} OFFSET 0)").format(found)


def count_up_to(found: Composable, most: Composable) -> Composable:
    """How many rows there are; no more than `most` are read."""
    return SQL("(SELECT count(*) FROM (SELECT {} LIMIT {}) w)").format(found, most)
