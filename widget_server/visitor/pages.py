"""The customer's own page for their case: /r/<token>. GET reads, POST acts."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("visitor", __name__)
