"""Who may send: a browser names its page's origin, which must be listed exactly. Pure; and the CORS headers.

The headers are the same on every answer, refusals included: a page that can't read its refusal would retry for days.
`*` gives nothing away (no cookies, no credentials; an answer holds only what its sender sent); what may be *sent* is
decided here, not by the browser.
"""

from __future__ import annotations

from collections.abc import Container

from widget_server.errors import Forbidden

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "7200",
}


def accepted_origin(origin: str | None, listed: Container[str], own: str, null_allowed: bool) -> str | None:
    """The origin to note with what was sent; None for a caller without one, who is not verified by it.

    Args:
        origin: the request's Origin header, None when there is none.
        own: the origin of this server, whose pages (hosted surveys) may always send.

    Raises:
        Forbidden: the origin is named and not listed.
    """
    if origin is None:
        return None
    if origin == "null":
        if null_allowed:
            return origin
        raise Forbidden("Pages without an origin of their own (sandboxed frames, local files) may not send to this site.")
    if origin == own or origin in listed:
        return origin
    raise Forbidden(f"{origin[:100]!r} is not among the origins of this site: add it under Settings.")
