"""Signing in: Flask-Security, for authentication only."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Set Flask-Security up."""
