"""Somebody who guesses a password through our proxies, and writes into X-Forwarded-For what he likes."""

from __future__ import annotations

from flask import Flask

from tests.accounts.conftest import token_of


def guesses_let_through(app: Flask, hops: int, *, rotate: str, tries: int) -> int:
    """How many of his wrong passwords were looked at.

    `rotate` says which address is new each time: "left", what he wrote himself, or "right", what our proxy saw.
    """
    client, looked_at = app.test_client(), 0
    token = token_of(client.get("/console/login").text)
    for n in range(tries):
        seen = f"198.51.100.{n}" if rotate == "right" else "198.51.100.7"
        chain = [f"203.0.113.{n}", seen, *["10.0.0.1"] * (hops - 1)]
        form = {"email": "maren@ternair.example", "password": "a guess", "csrf_token": token}
        answer = client.post("/console/login", data=form, headers={"X-Forwarded-For": ", ".join(chain)})
        looked_at += answer.status_code == 422
    return looked_at
