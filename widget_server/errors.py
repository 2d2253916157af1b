"""What can be refused, and why: a small tree that carries data and makes its own sentence.

Every subclass names its status, and is sent as RFC 9457 problem JSON: by `app.py`, and before Flask by `intake/front.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a body: `pointer` is a JSON pointer (RFC 6901), `detail` a sentence."""

    pointer: str
    detail: str


@dataclass
class Refusal(Exception):
    """The base of all that we say no to. `detail` is a sentence for whoever asked."""

    detail: str
    faults: list[Fault] = field(default_factory=list)
    status = 400
    title = "Refused"
    retry_after: int | None = None

    def __post_init__(self) -> None:
        self.retry_after = self.retry_after or type(self).retry_after

    def __str__(self) -> str:
        return self.detail

    def problem(self) -> dict[str, Any]:
        """RFC 9457 problem details."""
        said: dict[str, Any] = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail}
        if self.faults:
            said["pointer"] = self.faults[0].pointer
            said["errors"] = [{"pointer": fault.pointer, "detail": fault.detail} for fault in self.faults]
        return said


class BadShape(Refusal):
    status = 400
    title = "This is not the shape that is asked for"


class NotSignedIn(Refusal):
    status = 401
    title = "Sign in first"


class Forbidden(Refusal):
    status = 403
    title = "Not allowed"


class NotFound(Refusal):
    status = 404
    title = "Not found"


class Conflict(Refusal):
    """Somebody else was first, or the secret does not fit. `theirs` tells a person what changed meanwhile."""

    status = 409
    title = "This was changed by somebody else"
    theirs: object = None


class Gone(Refusal):
    status = 410
    title = "Closed"


class TooLarge(Refusal):
    status = 413
    title = "Too large"


class WrongMediaType(Refusal):
    status = 415
    title = "Wrong content type"


class Invalid(Refusal):
    status = 422
    title = "The values do not fit"


class TooMany(Refusal):
    status = 429
    title = "Too many at once"
    retry_after = 60


class Unavailable(Refusal):
    status = 503
    title = "Not possible just now"
    retry_after = 5


def pointer_part(name: object) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return str(name)[:100].replace("~", "~0").replace("/", "~1")
