"""A client that openapi-python-client makes from the document works a case from the list to the resolution."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.api.live_site import LiveSite


@pytest.fixture
def made(live_site: LiveSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of the generated package."""
    (tmp_path / "openapi.json").write_text(json.dumps(live_site.call("GET", "/api/openapi.json").body))
    done = subprocess.run(
        [
            Path(sys.executable).with_name("openapi-python-client"), "generate", "--path", "openapi.json",
            "--output-path", "tern_client", "--meta", "none",
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Unable to parse" not in done.stdout
    monkeypatch.syspath_prepend(str(tmp_path))
    return "tern_client"


@pytest.mark.timeout(240)
def test_a_generated_client_works_a_case(live_site: LiveSite, made: str) -> None:
    def operation(tag: str, name: str) -> Any:
        return import_module(f"{made}.api.{tag}.{name}").sync

    models = import_module(f"{made}.models")
    client = import_module(made).AuthenticatedClient(
        base_url=live_site.live.url, token=live_site.token, raise_on_unexpected_status=True
    )
    sent = live_site.complain(email="mara@customer.example")
    [listed] = operation("cases", "list_cases")(client=client, response_id=sent).items
    case = operation("cases", "get_case")(listed.id, client=client)
    case = operation("cases", "claim_case")(case.id, client=client, body=models.ClaimBody(), if_match=f'"{case.version}"')
    assert case.owner.name == "Shop desk"
    case = operation("cases", "reply_to_case")(
        case.id,
        client=client,
        body=models.ReplyBody(body="We are sorry. You fly tomorrow.", apology=True),
        if_match=f'"{case.version}"',
        idempotency_key="journey-1",
    )
    assert case.steps.acknowledged_at is not None
    stale = operation("cases", "resolve_case")(case.id, client=client, body=models.DocumentBody(), if_match='"1"')
    assert stale.status == 412
    case = operation("cases", "resolve_case")(
        case.id, client=client, body=models.DocumentBody(cause="A full flight", remedy="Another one"),
        if_match=f'"{case.version}"',
    )  # fmt: skip
    assert case.state == "resolved"
    thread = operation("cases", "get_thread")(case.id, client=client)
    assert [one.kind for one in thread.events][-1] == "resolved"
    said = operation("responses", "get_response")(sent, client=client)
    assert said.assessment.flagged is True
