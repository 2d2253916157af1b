"""A real server with a site, something that went wrong there, and a token that may do everything."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from typing import Any

from tests.live import Live
from tests.worker.conftest import ORIGIN, SEVERE
from widget_server.accounts.tokens import SCOPES

SECRET = "0123456789abcdef0123456789abcdef"


@dataclass
class Said:
    status: int
    headers: dict[str, str]
    body: Any


@dataclass
class LiveSite:
    live: Live
    key: str
    token: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Said:
        """One request with the token; a header's name has _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Authorization": f"Bearer {self.token}", **named}
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.live.url + path, data=data, method=method, headers=sent)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return Said(answer.status, dict(answer.headers), json.loads(answer.read() or b"null"))
        except urllib.error.HTTPError as error:
            return Said(error.code, dict(error.headers), json.loads(error.read() or b"null"))

    def complain(self, text: str = SEVERE, email: str | None = None) -> str:
        """A visitor's words; returns the response's id once the worker has looked at it."""
        version = self.call("GET", "/api/v1/surveys/feedback").body["version"]
        answers: dict[str, Any] = {"mood": 1, "comment": text}
        if email:
            answers["contact"] = {"email": email, "consent": True}
        id = str(uuid.uuid4())
        sent = {"p": 1, "id": id, "secret": SECRET, "survey": "feedback", "version": version, "answers": answers}
        accepted = self.call("POST", f"/v1/sites/{self.key}/responses", sent, Origin=ORIGIN)
        assert accepted.status == 202, accepted
        until = time.monotonic() + 30
        while self.call("GET", f"/api/v1/responses/{id}").body["processed_at"] is None:
            assert time.monotonic() < until, "the worker never came"
            time.sleep(0.05)
        return id

    def case_of(self, response_id: str) -> Any:
        return self.call("GET", f"/api/v1/cases?response_id={response_id}").body["items"][0]


def make_site(live: Live) -> LiveSite:
    key = f"tern-{uuid.uuid4().hex[:8]}"
    live.command("site", "add", "Tern Air", "--key", key, "--origin", ORIGIN)
    scopes = [word for scope in SCOPES for word in ("--scope", scope)]
    token = live.command("token", "add", "--site", key, "--name", "Shop desk", *scopes).strip()
    return LiveSite(live, key, token)
