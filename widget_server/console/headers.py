"""What every answer of the console says to the browser, errors and the login included: nothing inline, nothing foreign."""

from __future__ import annotations

from flask import Response, g, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # the CSRF check over HTTPS reads it; nobody else gets one
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
}
STATIC = "/console/static/"
FRAMES = {"Content-Security-Policy": f"{POLICY}; frame-src 'self'"}
"""A screen that shows a page of ours in a frame."""
FRAMED = {
    "Content-Security-Policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
    "X-Frame-Options": "SAMEORIGIN",
}
"""That page."""


def allowing(answer: Response, more: dict[str, str]) -> Response:
    """This one answer with one of the two above."""
    g.headers = more
    return answer


def secure(answer: Response) -> Response:
    """Add the headers to an answer under /console; others are not ours."""
    if not request.path.startswith("/console"):
        return answer
    for name, value in (HEADERS | g.get("headers", {})).items():
        answer.headers[name] = value
    answer.headers["Cache-Control"] = _caching(answer)
    answer.headers.add("Vary", "Cookie")
    return answer


def _caching(answer: Response) -> str:
    if request.path.startswith(STATIC) and answer.status_code in (200, 304):
        return "public, max-age=31536000, immutable" if "v" in request.args else "public, max-age=300"
    return "no-store"
