"""The demo: a small airline's booking flow with deliberate friction and our tag on it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("demo", __name__, url_prefix="/demo")
