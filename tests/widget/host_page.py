"""A stand-in for the server and a host page, both of one origin: small enough to fail in every way that a test asks for."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from tests import one_of_each
from tests.intake.uploads import picture

BUILT = Path(__file__).resolve().parents[2] / "widget_server" / "static" / "widget"
SURVEYS = Path(__file__).parent
LIGHT = {
    "accent": "#14284b", "on_accent": "#ffffff", "mark": "#14284b", "ground": "#ffffff",
    "ink": "#15233f", "ink_2": "#4f5b70", "edge": "#7d889c", "wash": "#ebedf0",
}  # fmt: skip
DARK = {
    "accent": "#a9c7ff", "on_accent": "#0b1730", "mark": "#a9c7ff", "ground": "#171d2a",
    "ink": "#eef1f7", "ink_2": "#b6bccb", "edge": "#7c869c", "wash": "#262f40",
}  # fmt: skip
STRICT = "default-src 'none'; script-src {origin}; connect-src {origin}; require-trusted-types-for 'script'"


def ref(key: str, **more: Any) -> dict[str, Any]:
    frequency = {"repeat": "until_answered", "cooldown_days": 0}
    plain: dict[str, Any] = {"triggers": [], "targeting": None, "frequency": frequency, "silenced_by": []}
    return {"key": key, "version": "v1", "wave": 1, "languages": ["en"], **plain, **more}


def config() -> dict[str, Any]:
    site = {"key": "K", "name": "Tern Air", "language": "en", "languages": ["en"], "consent": "open"}
    button = {"survey": "feedback", "version": "v1", "position": "bottom-right", "label": {"en": "Feedback"}}
    leaving = [{"kind": "exit_intent", "min_dwell_seconds": 0}]
    on_pay = {"fact": "url.path", "operator": "is", "value": "/pay"}
    return {
        "p": 1,
        "site": site,
        "button": button,
        "theme": {"radius": 5, "font": "system", "scheme": "auto", "light": LIGHT, "dark": DARK},
        "surveys": [
            ref("feedback"),
            ref("exit", triggers=leaving, targeting=on_pay, silenced_by=["purchase"]),
            ref("every_type"),
            ref("each"),
            ref("leading"),
            ref("hinted"),
        ],
    }


def survey(key: str) -> dict[str, Any]:
    if key == "feedback":
        return dict(json.loads((SURVEYS / "typical_survey.json").read_text()))
    if key == "each":
        return one_of_each.told()
    if key == "leading":
        return one_of_each.told("leading", one_of_each.LEADING)
    if key == "hinted":
        return hinted()
    options = [{"key": "map", "label": "Seat map"}, {"key": "other", "label": "Ekstraordinærbagasjeforsikringsavtalen"}]
    kinds = ["choice"] if key == "exit" else ["nps", "stars", "csat", "ces", "smiley", "choices", "yes_no", "text"]
    questions = [{"key": kind, "type": kind, "required": True, "text": f"A {kind} question?"} for kind in kinds]
    for question in questions:
        question |= {"max_length": 50, "options": options}
    return {"p": 1, "key": key, "version": "v1", "lang": "en", "title": key, "questions": questions}


def hinted() -> dict[str, Any]:
    """Words below a rating, with another hint after a bad one; so has the day, which has none otherwise."""
    bad = {"fact": "answers.mood", "operator": "at_most", "value": 2}
    mood = {"key": "mood", "type": "stars", "required": True, "text": "How was it?"}
    why = {"key": "why", "type": "text", "text": "Why?", "in_place": True, "hint": "No card numbers."}
    why["show_if"] = {"fact": "answers.mood", "operator": "at_least", "value": 1}
    why["variants"] = [{"if": bad, "text": "What went wrong?", "hint": "Which page was it?"}]
    day = {"key": "day", "type": "date", "text": "When?"}
    day["variants"] = [{"if": bad, "text": "When did it go wrong?", "hint": "A guess will do."}]
    questions = [mood, why, day]
    return {"p": 1, "key": "hinted", "version": "v1", "lang": "en", "title": "Hints", "questions": questions, "logic": True}


def spoken(language: str) -> dict[str, Any]:
    """The words that decide on which side a panel begins."""
    title = {"ar": "آراؤكم", "he": "משוב"}.get(language)
    return {"lang": language} | ({"title": title} if title else {})


class HostPage:
    def __init__(self) -> None:
        self.config = config()
        self.status = 202
        self.down = False  # takes nothing in, and says nothing
        self.language = "en"
        self.inside = ""  # more of the page, above its tag
        self.tagged = True
        self.case = {"open": False, "answered": False}
        self.explains = False
        self.help: dict[str, Any] | None = None  # without one, its address answers with a page
        self.late: dict[str, float] = {}  # what a file's name begins with: seconds until it is answered
        self.answers: list[dict[str, Any]] = []
        self.pictures: list[bytes] = []
        self.picture_status = 202
        self.policies = {"/strict": STRICT}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def finished(self) -> list[dict[str, Any]]:
        return [answer for answer in self.answers if answer["finished"]]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def page(self, tagged: bool = True) -> str:
        tagged = tagged and self.tagged
        tag = f'<script async src="{self.origin}/widget.js" data-site="K"></script>' if tagged else ""
        form = '<form><input name="card"><button type="button">Pay</button></form>' + self.inside
        return f'<!doctype html><html lang="{self.language}"><title>Pay</title><main><h1>Pay</h1>{form}</main>{tag}</html>'

    def get(self, path: str) -> tuple[str, bytes]:
        if path == "/widget.js" or path.startswith("/widget/"):
            return "text/javascript", (BUILT / path.removeprefix("/widget/").removeprefix("/")).read_bytes()
        if path.endswith("/config"):
            return "application/json", json.dumps(self.config).encode()
        if "/logo/" in path:
            return "image/png", picture(size=(240, 60))
        if "/help/" in path and self.help:
            return "application/json", json.dumps(self.help).encode()
        if "/surveys/" in path:
            return "application/json", json.dumps(survey(path.split("/")[5]) | spoken(path.rsplit("/")[-1])).encode()
        return "text/html; charset=utf-8", self.page(tagged=path != "/bare").encode()

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if path == "/v1/receipts/state":
            return 200, {**self.case, "url": f"{self.origin}/r/t"}
        if path.endswith("/explain"):
            return (200, {"until": 1_900_000_000_000}) if self.explains else (403, {"title": "Refused"})
        if not path.endswith("/responses"):
            return 202, {}
        if self.status == 202:
            self.answers.append(body)
            return 202, {"id": body["id"], "seq": body["seq"], "receipt": "t", "receipt_url": f"{self.origin}/r/t"}
        return self.status, {"title": "Refused"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        host = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None: ...

            def _send(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                policy = host.policies.get(self.path)
                if policy:
                    self.send_header("Content-Security-Policy", policy.format(origin=host.origin))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                path = urlparse(self.path).path
                time.sleep(sum(late for name, late in host.late.items() if path.rsplit("/", 1)[-1].startswith(name)))
                self._send(200, *host.get(path))

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"]))
                if host.down:
                    return
                if self.path.endswith("/attachments"):
                    if host.picture_status == 202:
                        host.pictures.append(sent)
                    self._send(host.picture_status, "application/json", b'{"id": "a"}')
                    return
                body = json.loads(sent)
                status, told = host.post(self.path, body)
                self._send(status, "application/json", json.dumps(told).encode())

        return Handler
