"""What a screen of the console costs after three years, beside the same screen of a young installation and one without data.

Time of a request within one process, without a browser: medians, with the statements that it sends to the database.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from flask.testing import FlaskClient
from sqlalchemy import event

from benchmarks.frame import Measured, Row, Size, command, say
from benchmarks.years import live
from tests.accounts.conftest import sign_in
from tests.proofs.installation import Installation
from widget_server.database import db

MOST_MS = 200.0
SCREENS = {
    "without data": "/console/me/sessions",
    "queue": "/console/proof/queue",
    "queue, closed": "/console/proof/queue?view=closed",
    "queue, overdue": "/console/proof/queue?view=overdue",
    "a case": "/console/proof/cases/1050",
    "responses": "/console/proof/responses",
    "responses in one language": "/console/proof/responses?language=th",
    "responses with a word": "/console/proof/responses?q=confusing",
    "responses with a word that nobody wrote": "/console/proof/responses?q=zzzzzz",
    "a response": "/console/proof/responses/r500",
    "surveys": "/console/proof/surveys",
    "a survey": "/console/proof/surveys/feedback",
    "a survey, all time": "/console/proof/surveys/feedback?period=all",
    "recovery": "/console/proof/recovery",
    "recovery, a year": "/console/proof/recovery?period=365",
    "deliveries": "/console/proof/deliveries",
    "API: cases": "/api/v1/cases",
    "API: responses": "/api/v1/responses",
}


def measure(size: Size) -> Measured:
    young, old = size.of(1_000, 1_000, 600), size.of(200_000, 50_000, 1_200)
    found = {count: _walk(count, size.of(15, 7, 1)) for count in (young, old)}
    rows: list[Row] = []
    for name in SCREENS:
        (early, statements), (late, _) = found[young][name], found[old][name]
        rows.append({"": name, f"ms, {young}": early, f"ms, {old}": late, "×": late / early, "statements": statements})
    slow = [name for name in SCREENS if found[old][name][0] > MOST_MS]
    said = f"Above {MOST_MS:.0f} ms: {', '.join(slow)}." if slow else f"All within {MOST_MS:.0f} ms."
    grown = [name for name in SCREENS if found[old][name][1] > found[young][name][1]]
    return Measured(rows, [
        f"{old} responses over three years, a case for each tenth of them, 200 of them open; SQLite, on the disk.", said,
        f"More statements with more data: {', '.join(grown) or 'none'}.",
    ])  # fmt: skip


def _walk(responses: int, times: int) -> dict[str, tuple[float, int]]:
    """For each screen: ms of a request, and statements."""
    say(f"living {responses} responses")
    with tempfile.TemporaryDirectory(prefix="widget-bench-", ignore_cleanup_errors=True) as folder:
        at = Installation(Path(folder))
        with at.app.app_context():
            live(at.site_id, responses)
            engine = db.engine
        client, bearer = _signed_in(at), {"Authorization": f"Bearer {at.token}"}
        with _counting(engine) as sent:
            found = {name: _asked(client, path, bearer, times, sent) for name, path in SCREENS.items()}
        engine.dispose()
        return found


def _asked(client: FlaskClient, path: str, bearer: dict[str, str], times: int, sent: list[str]) -> tuple[float, int]:
    took = []
    for _ in range(times + 1):
        sent.clear()
        began = time.perf_counter()
        answer = client.get(path, headers=bearer if path.startswith("/api/") else None)
        took.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    return median(took[1:]), len(sent)


def _signed_in(at: Installation) -> FlaskClient:
    client = at.app.test_client()
    if sign_in(client, "ida@proof.example", "correct horse battery").status_code != 302:
        raise RuntimeError("Nobody could sign in.")
    return client


@contextmanager
def _counting(engine: object) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


if __name__ == "__main__":
    command("console", measure, __doc__)
