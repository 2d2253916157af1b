"""The least that a Flask application can do with a submission: read the JSON, answer with some."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

app = Flask(__name__)


@app.get("/")
def ready() -> str:
    return ""


@app.post("/v1/sites/<key>/responses")
def echo(key: str) -> tuple[dict[str, Any], int]:
    said = request.get_json(force=True)
    return {"id": said["id"], "seq": said["seq"], "site": key}, 202
