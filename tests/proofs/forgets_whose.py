"""The console with a guard taken out on purpose, for the matrix of routes, roles and ids, which must notice.

A plugin: `BREAK=site pytest -p tests.proofs.forgets_whose tests/console/test_access.py` finds a case at any site;
`BREAK=role` lets every role do everything.
"""

from __future__ import annotations

import os
from typing import Any


def pytest_configure() -> None:
    from widget_server.console import frame
    from widget_server.recovery import queries

    if os.environ["BREAK"] == "role":
        frame.may = lambda _role, _action: True
        return

    def anywhere(site_id: int, number: int) -> Any:
        return db.session.scalar(select(Case).where(Case.number == number))  # noqa: F821 — names of the module it goes to

    queries.case_by_number.__code__ = anywhere.__code__
