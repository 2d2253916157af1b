"""The console with a guard taken out on purpose, for the matrix of routes, roles and ids, which must notice.

A plugin: `BREAK=site pytest -p tests.proofs.forgets_whose tests/console/test_access.py` finds a case at any site;
`BREAK=role` lets every role do everything.
"""

from __future__ import annotations

import os
from typing import Any

from tests.proofs.breaking import take_out


def pytest_configure() -> None:
    from widget_server.console import frame
    from widget_server.recovery import queries

    if os.environ["BREAK"] == "role":
        take_out(frame, "may", lambda role, action: True)  # the matrix asks the real one what ought to be
    else:
        take_out(queries, "case_by_number", _anywhere, everywhere=True)


def _anywhere(site_id: int, number: int) -> Any:
    from sqlalchemy import select

    from widget_server.database import db
    from widget_server.recovery.models import Case

    return db.session.scalar(select(Case).where(Case.number == number))
