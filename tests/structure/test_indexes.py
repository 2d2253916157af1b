"""Whoever deletes a row has the database look for all that refer to it. Without an index that is a look at every row of
another table, under the lock that visitors' answers wait for."""

from __future__ import annotations

from sqlalchemy import Table, UniqueConstraint

from widget_server.database import Base

STAY = {"sites", "users", "teams", "surveys", "survey_versions", "cases", "assessments"}
"""Nothing in the running of a server deletes these."""


def first_columns(table: Table) -> set[str]:
    """What can be found by an index: the first column of each."""
    unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    indexes = [table.primary_key, *table.indexes, *unique]
    return {next(iter(index.columns)).name for index in indexes} | {one.name for one in table.columns if one.unique}


def test_what_is_deleted_is_found_by_an_index() -> None:
    slow = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name not in STAY and column.name not in first_columns(table)
    ]
    assert slow == []
