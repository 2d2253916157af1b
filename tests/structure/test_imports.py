"""Who may import whom. The table is docs/flow.md's; a line that is added here is a decision, and is noted there."""

from __future__ import annotations

import sys

import pytest

from tests.structure.source import PACKAGE, imported, modules, named
from widget_server import app as _every_model  # noqa: F401
from widget_server.database import Base

GROUND = {"addresses", "clock", "errors", "config", "redaction", "conditions", "sealing", "logs", "counting", "visible"}
"""These import nothing of ours, and anybody may import them."""
FEATURES = {
    "sites", "surveys", "responses", "people", "scoring", "routing", "recovery", "delivery", "followup", "accounts",
    "webhooks", "replies",
}  # fmt: skip

MAY_IMPORT: dict[str, set[str]] = {
    **{name: set() for name in GROUND},
    "database": set(),
    "sites": {"database"},
    "accounts": {"sites", "database"},
    "surveys": {"sites", "database"},
    "responses": {"surveys", "sites", "database"},
    "people": {"responses", "sites", "database"},
    "scoring": {"responses", "surveys", "sites", "accounts", "database"},  # accounts: who corrected what
    "routing": {"scoring", "responses", "surveys", "sites", "database"},
    "recovery": {"routing", "responses", "people", "accounts", "sites", "database"},
    "replies": {"recovery", "scoring", "responses", "accounts", "sites", "database"},
    "delivery": {"sites", "people", "accounts", "database"},  # knows messages and who gets them, never cases
    "webhooks": {"delivery", "responses", "sites", "database"},  # the schedule is delivery's; never cases
    "announcements": {"followup", "recovery", "responses", "scoring", "sites", "webhooks", "database"},
    "exports": {"accounts", "recovery", "responses", "scoring", "surveys", "sites", "database"},
    "followup": {"recovery", "responses", "delivery", "accounts", "database"},  # asks by mail: a row in the outbox
    "intake": {"surveys", "sites", "responses", "people", "bodies", "database"},  # never pipeline: the worker goes on
    "pipeline": FEATURES | {"announcements", "database", "team_mail"},
    "team_mail": {"accounts", "recovery", "sites", "database"},
    "desk": FEATURES | {"announcements", "database", "intake", "team_mail"},  # who may decide, and who asked, are told
    "processing": {"pipeline", "responses", "database"},
    "privacy": FEATURES | {"desk", "intake", "database"},  # of intake how an address is compared
    "holding": set(),
    "backup": {
        "schema", "holding", "people", "desk", "privacy", "responses", "accounts", "delivery", "sites", "migrations",
        "database",
    },
    "jobs": {"privacy", "accounts", "delivery", "desk", "followup", "people", "recovery", "webhooks", "database"},
    "worker": {"holding", "processing", "jobs", "delivery", "followup", "scoring", "webhooks", "database"},
    "console": FEATURES | {"exports", "privacy", "desk", "database"},
    "visitor": FEATURES | {"privacy", "desk", "intake", "database"},
    "api": FEATURES | {"privacy", "desk", "intake", "database"},  # of intake the reader of JSON and the counters
    "schema": set(),
    "starting": {"checks", "schema", "routing", "database"},
    "health": {"schema", "delivery", "database"},
    "edge": {"sites", "surveys", "database"},
    "migrations": {"database"},
    "checkup": {"checks", "health", "schema", "delivery", "database"},
    "checks": {"health", "people", "routing", "scoring", "sites", "surveys", "database"},
    "demo": FEATURES | {"intake", "desk", "worker", "processing", "database"},
    "bodies": set(),
    "foundation": FEATURES | {"privacy", "database"},  # their tables
    "serving": {"app", "foundation", "holding", "worker", "bodies"},
    "commands": FEATURES | {
        "exports", "privacy", "visitor", "backup", "app", "foundation", "desk", "migrations", "schema", "checkup",
        "database",
    },
    "cli": FEATURES | {
        "app", "commands", "serving", "worker", "desk", "migrations", "checkup", "demo", "database",
        "starting",
    },
    "app": set(),  # everything: see below
}

PURE = (
    "addresses", "clock", "conditions", "errors", "redaction", "sealing", "visible", "surveys/definition", "surveys/checks",
    "surveys/schemas", "surveys/shapes", "surveys/findings", "surveys/texts",
    "surveys/reading", "surveys/wire", "sites/theme", "sites/logo", "intake/answers",
    "intake/arrival", "intake/schemas", "intake/safe_json", "intake/identity", "intake/origins",
    "intake/page_context", "scoring/assessment", "scoring/friction", "scoring/language", "scoring/ratings",
    "scoring/polarity", "scoring/severity", "scoring/signals", "scoring/words", "scoring/dictionary",
    "scoring/tokens", "scoring/lexicon", "scoring/ngrams", "scoring/features", "scoring/combination",
    "scoring/evidence", "scoring/analysis", "scoring/predictions", "scoring/evaluating", "scoring/blending",
    "scoring/telling", "scoring/weights", "scoring/labels", "scoring/fit", "scoring/fit_bounds", "scoring/fit_calibration",
    "scoring/fit_figures",
    "privacy/periods",
    *(f"surveys/questions/{path.stem}" for path in sorted((PACKAGE / "surveys" / "questions").glob("*.py"))),
    "routing/rules", "routing/rulebook", "routing/hours", "recovery/lifecycle", "recovery/advice", "recovery/dates",
    "recovery/amounts", "recovery/budgets", "recovery/letters", "recovery/reach", "replies/filling", "replies/likeness",
    "delivery/schedule", "accounts/permissions",
    "webhooks/events", "webhooks/guard", "webhooks/judging", "webhooks/signing", "exports/inert", "exports/columns",
    "responses/receipts", "sites/explaining", "visitor/links", "surveys/path", "surveys/recall", "surveys/must",
    "surveys/logic_checks",
    "console/times", "console/words", "console/incident_words", "console/figures", "console/changes",
    "console/recovery_figures", "demo/booking",
    "demo/staff", "demo/visits", "demo/voices",
)  # fmt: skip
OUTSIDE = {"flask", "sqlalchemy", "flask_sqlalchemy", "flask_security", "werkzeug", "psycopg2", "sqlite3"}


def group(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


def test_every_import_goes_the_way_that_the_table_says() -> None:
    wrong = []
    for path in modules():
        here = path.relative_to(PACKAGE).with_suffix("").parts[0]
        if here in ("__init__", "app"):
            continue
        assert here in MAY_IMPORT, f"{named(path)} is in no line of the table: say what it may import"
        allowed = MAY_IMPORT[here] | ({here} if here in GROUND else {here} | GROUND)
        for name in imported(path):
            if name.split(".")[0] == "widget_server" and group(name) not in allowed | {""}:
                wrong.append(f"{named(path)} imports {name}")
    assert wrong == []


def test_only_wsgi_the_command_line_and_the_server_put_the_application_together() -> None:
    users = {named(path) for path in modules() if "widget_server.app" in set(imported(path))}
    assert users <= {"widget_server/commands/frame.py", "widget_server/serving.py"}


def test_one_file_opens_what_limits_are_counted_in() -> None:
    users = {named(path) for path in modules() if "storage_from_string" in path.read_text()}
    assert users == {"widget_server/counting.py"}


@pytest.mark.parametrize("name", PURE)
def test_what_decides_knows_neither_web_nor_database(name: str) -> None:
    found = {module.split(".")[0] for module in imported(PACKAGE / f"{name}.py")}
    assert not found & OUTSIDE


def test_foreign_keys_point_the_way_that_imports_do() -> None:
    owners = {mapper.local_table.name: group(mapper.class_.__module__) for mapper in Base.registry.mappers}
    wrong = [
        f"{table.name}.{key.parent.name} → {key.column.table.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if owners[key.column.table.name] not in MAY_IMPORT[owners[table.name]] | {owners[table.name]}
    ]
    assert wrong == []


def test_no_feature_calls_what_another_writes() -> None:
    """Only `pipeline` and `desk` put features in order. The outbox is the one exception: a message is a row."""
    wrong = []
    for path in modules():
        here = path.relative_to(PACKAGE).parts[0]
        if here in FEATURES | {"intake"}:
            wrong += [
                f"{named(path)} imports {name}"
                for name in imported(path)
                if name.startswith("widget_server.") and name.endswith(".operations") and group(name) != here
            ]
    assert [line for line in wrong if line not in STORED_BY_INTAKE] == []


STORED_BY_INTAKE = {
    "widget_server/intake/receive.py imports widget_server.people.operations",
    "widget_server/intake/receive.py imports widget_server.responses.operations",
    "widget_server/intake/arrival.py imports widget_server.people.operations",
    "widget_server/intake/arrival.py imports widget_server.responses.operations",
    "widget_server/intake/displays.py imports widget_server.responses.operations",
    "widget_server/intake/attachments.py imports widget_server.responses.operations",
}
"""Intake is the edge that stores a response and the ways to reach its sender in one commit."""


def test_a_command_starts_without_the_web() -> None:
    """The console and the API take half of what the whole application takes to import."""
    import subprocess

    ours = ("app", "console.routes", "api.v1", "intake.api")
    code = f"import sys, widget_server.foundation; sys.exit(any('widget_server.' + one in sys.modules for one in {ours}))"
    assert subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent).returncode == 0


def test_no_process_imports_the_sentiment_library() -> None:
    """TextBlob brings NLTK along, half a second and 50 MB: its word list is read without either."""
    import subprocess

    code = (
        "import sys, widget_server.app, widget_server.worker; from widget_server.scoring import operations; "
        "operations.warm_up(); sys.exit('textblob' in sys.modules or 'nltk' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent).returncode == 0
