"""What every answer of the console says to the browser, errors and the login included: nothing inline, nothing foreign."""

from __future__ import annotations

from flask import Response, request

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


def secure(answer: Response) -> Response:
    """Add the headers to an answer under /console; others are not ours."""
    if not request.path.startswith("/console"):
        return answer
    for name, value in HEADERS.items():
        answer.headers[name] = value
    answer.headers["Cache-Control"] = _caching(answer)
    answer.headers.add("Vary", "Cookie")
    return answer


def _caching(answer: Response) -> str:
    if request.path.startswith(STATIC) and answer.status_code in (200, 304):
        return "public, max-age=31536000, immutable" if "v" in request.args else "public, max-age=300"
    return "no-store"
