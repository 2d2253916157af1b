"""What the document says is what the server does: the document is valid, and thousands of made-up requests agree with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from tests.api.live_site import LiveSite
from widget_server.api.frame import POLICY

CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "304", "401", "403", "404", "409", "412", "422"]

[[operations]]
include-operation-id = "publish_survey"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "404", "422"]
"""
"""A right shape may still meet a case that moved on, or words that are all blank. Where a body holds free values (a survey's
conditions), the reader's own limits may refuse one, such as a number beyond 2^53."""


@pytest.fixture
def document(client: FlaskClient) -> Any:
    return json.loads(client.get("/api/openapi.json").get_data())


def test_the_document_is_valid_openapi(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    validate(document, cls=OpenAPIV31SpecValidator)


def test_every_route_stands_in_the_document_with_its_scope(document: Any, client: FlaskClient) -> None:
    told = {
        operation["operationId"]: operation["security"][0]["token"]
        for item in document["paths"].values()
        for method, operation in item.items()
        if method != "parameters"
    }
    assert told == {endpoint.partition(".")[2]: [rule.scope] for endpoint, rule in POLICY.items()}
    routes = [rule.endpoint for rule in client.application.url_map.iter_rules() if rule.rule.startswith("/api/v1")]
    assert sorted(routes) == sorted(POLICY)


@pytest.mark.timeout(240)
def test_made_up_requests_are_answered_as_the_document_says(live_site: LiveSite, tmp_path: Path) -> None:
    """Schemathesis: every operation by its boundary values, wrong methods, missing headers and no token, then at random."""
    live_site.complain()
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    done = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"), "--config-file", "schemathesis.toml", "run",
            f"{live_site.live.url}/api/openapi.json", "--header", f"Authorization: Bearer {live_site.token}",
            "--phases", "coverage,fuzzing", "--max-examples", "3", "--max-time", "30", "--seed", "1", "--no-color",
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=110,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-8000:]
