"""How the person behind a response can be reached: by e-mail with consent, on their receipt page, or not at all."""

from __future__ import annotations

from widget_server.people.queries import has_email
from widget_server.responses.queries import has_receipt


def reach_of(response_id: int) -> str:
    """email | receipt | none. A receipt exists where the client gave a secret."""
    if has_email(response_id):
        return "email"
    return "receipt" if has_receipt(response_id) else "none"
