"""The receipt: a signed name of one response. Whoever holds it reads /r/<token> and may act there by POST."""

from __future__ import annotations

from widget_server.sealing import read_token, sign_token


def receipt_token(secret_key: str, response_public_id: str) -> str:
    return sign_token(secret_key, "receipt", response_public_id)


def read_receipt(secret_key: str, token: str) -> str | None:
    """The response's public id, or None for a token that we did not make."""
    return read_token(secret_key, "receipt", token)


def receipt_number(client_id: str) -> str:
    """What a person reads and says, '5A7F 4497': the first eight digits of the id that the widget gave its response."""
    return f"{client_id[:4]} {client_id[4:8]}".upper()
