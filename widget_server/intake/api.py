"""The public edge over HTTP: responses, events, attachments, receipts' state."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("intake", __name__)
