"""The same site and sender as for intake."""

from tests.intake.conftest import any_tern, rows, tern

__all__ = ["any_tern", "rows", "tern"]
