"""People take along what a list shows: with its filters, in three formats, audited, and never with who it is from."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from tests.screens.conftest import PASSWORD, app, send, staff  # noqa: F401 — fixtures
from widget_server.accounts.models import AuditEntry
from widget_server.cli import main
from widget_server.database import db
from widget_server.exports.inert import restored

LOST = "=1+1 I could not find the checkout button and gave up, this is terrible"
MAIL = {"email": "mara@customer.example", "consent": True}


def export(browser, what="responses", expect=200, **form):  # type: ignore[no-untyped-def]
    """The file's bytes."""
    answer = browser._client.post(f"/console/ternair/{what}/export", data={"csrf_token": browser._token, **form})
    assert answer.status_code == expect, answer.text[:300]
    return answer


def lines_of(answer):  # type: ignore[no-untyped-def]
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_a_csv_holds_answers_scores_and_the_case(send, staff) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    send({"mood": 1, "comment": LOST, "contact": MAIL})
    answer = export(staff("support"))
    (line,) = lines_of(answer)
    column = {name.partition(":")[0]: value for name, value in line.items()}
    heads = {name.partition(": ")[0]: name.partition(": ")[2] for name in line}
    assert heads["feedback.comment"].startswith("What would have made it better? / That is not good. What got in")
    assert column["feedback.mood"] == "1"
    assert restored(column["feedback.comment"]) == LOST
    assert (column["survey"], column["flagged"], column["case"]) == ("feedback", "yes", "1001")
    assert column["sentiment"] == "negative"
    assert 'filename="ternair-responses-' in answer.headers["Content-Disposition"]
    assert b"customer.example" not in answer.data


def test_the_filters_of_the_list_hold(send, staff) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    send({"mood": 5, "comment": "All fine"})
    send({"mood": 1, "comment": LOST})
    browser = staff("product")
    assert len(lines_of(export(browser))) == 2
    assert len(lines_of(export(browser, q="checkout"))) == 1
    assert len(lines_of(export(browser, look="unflagged"))) == 1
    assert lines_of(export(browser, language="th")) == []


def test_json_lines_are_exact_and_a_sheet_opens(send, staff, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    send({"mood": 1, "comment": LOST, "contact": MAIL})
    browser = staff("admin")
    record = json.loads(export(browser, format="json").data)
    assert record["texts"] == {"comment": LOST}
    assert record["answers"]["mood"] == 1
    assert "customer.example" not in json.dumps(record)
    (tmp_path / "it.xlsx").write_bytes(export(browser, format="xlsx").data)
    rows = list(load_workbook(tmp_path / "it.xlsx", read_only=True).active.values)
    assert len(rows) == 2
    assert "'" + LOST in rows[1]


def test_cases_of_a_view_are_taken_along(send, staff) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    send({"mood": 1, "comment": LOST})
    browser = staff("support")
    (line,) = lines_of(export(browser, "queue"))
    assert (line["number"], line["reference"], line["state"]) == ("1001", "TA 1001", "open")
    assert lines_of(export(browser, "queue", view="closed")) == []


def test_an_export_is_audited_without_what_was_searched_for(app: Flask, send, staff) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    send({"mood": 1, "comment": LOST})
    export(staff("support"), q="mara@customer.example")
    with app.app_context():
        (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "responses.exported"))
        assert (entry.subject, entry.detail) == ("csv", {"rows": 0, "filters": ["q"]})


@pytest.mark.parametrize(("role", "what"), [("viewer", "responses"), ("viewer", "queue"), ("product", "queue")])
def test_who_may_not_take_along_is_refused(staff, role: str, what: str) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    export(staff(role), what, expect=403)


def test_an_unknown_format_is_refused(staff) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    export(staff("admin"), expect=422, format="pdf")


def test_the_command_line_writes_the_same(app: Flask, send, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    send({"mood": 1, "comment": LOST})
    current = app.extensions["widget_settings"]
    for name, value in {
        "WIDGET_DATABASE_URL": current.database_url,
        "WIDGET_SECRET_KEY": current.secret_key,
        "WIDGET_ENCRYPTION_KEYS": ",".join(current.encryption_keys),
        "WIDGET_INSTANCE": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    run = CliRunner().invoke(main, ["export", "--site", "ternair"])
    assert run.exit_code == 0, run.output
    assert "find the checkout button" in run.stdout
    out = tmp_path / "cases.xlsx"
    cases = ["--what", "cases", "--format", "xlsx", "--output", str(out)]
    run = CliRunner().invoke(main, ["export", "--site", "ternair", *cases])
    assert run.exit_code == 0, run.output
    assert load_workbook(out, read_only=True).active["A2"].value == 1001
    late = CliRunner().invoke(main, ["export", "--site", "ternair", "--since", "2999-01-01", "--format", "json"])
    assert (late.exit_code, late.stdout) == (0, "")
