"""The shape of what widgets send → frozen values. Says nothing about surveys: answers are read in `answers.py`.

What a site's author writes is checked; what a browser measured (address, title, trail) is cut to size instead, since
a complaint must not be lost for a long address. Unknown keys are ignored here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from widget_server.errors import BadShape, Fault, pointer_part
from widget_server.intake.quick import Reader, reader_of

PROTOCOLS = (1,)
MOST_ANSWERS, MOST_FACTS, MOST_STEPS, MOST_EVENTS = 100, 20, 20, 20
CUTS = {"url": 2000, "referrer_host": 253, "title": 300, "tz": 60, "locale": 35, "device": 20, "release": 100,
        "left_without_goal": 60, "kind": 20, "what": 200}  # fmt: skip
"""Characters that are kept of what a browser measured."""
LONGEST = 500  # of any other text in the context
MARGIN = 80
"""Read beyond a cut, so that a number which the cut would halve is still known for what it is and taken out."""
TRIGGERS = (
    "button", "exit_intent", "dwell", "event", "link", "receipt", "scroll", "idle", "page_view", "click", "visible",
    "rage_click", "dead_click", "form_error", "back_and_forth", "error", "inline", "hosted",
)  # fmt: skip
MOST = 2**53

UUID = Regexp(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", error="This is not a UUID.")
SECRET = Regexp(r"[A-Za-z0-9_-]{16,64}\Z", error="16 to 64 letters, digits, '-' or '_' are needed.")
KEY = Regexp(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}\Z", error="This is not a survey's key.")
HASH = Regexp(r"[A-Za-z0-9]{1,16}\Z", error="This is not a survey's version.")
NAME = Regexp(r"[A-Za-z0-9_.-]{1,60}\Z", error="1 to 60 letters, digits, '_', '.' or '-' are needed.")
LANGUAGE = Regexp(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", error="This is not a language tag.")


@dataclass(frozen=True)
class Visitor:
    """Claims about a visitor; `said` is the whole object without `sig`, as it was signed."""

    id: str | None = None
    reference: str | None = None
    name: str | None = None
    email: str | None = None
    consent_version: str | None = None
    sig: str | None = None
    said: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Submission:
    """One snapshot of a response, as it came in: bounded, typed, neither redacted nor matched with its survey."""

    id: str
    secret: str | None
    seq: int
    finished: bool
    survey: str
    version: str
    wave: int
    lang: str | None
    display: str | None
    answers: Mapping[str, Any]
    sent_at: int | None
    visitor: Visitor
    context: Mapping[str, Any]
    facts: Mapping[str, Any]
    facts_sig: str | None
    at_opening: Mapping[str, Any] | None = None
    """What the widget decided the path by, beside the answers: with a survey that has logic."""


@dataclass(frozen=True)
class DisplayEvent:
    display: str
    survey: str
    version: str
    kind: str


class Cut(fields.String):
    """A text of which no more is read than CUTS says, and the margin; it is cut to size once it is redacted."""

    def __init__(self, **more: Any) -> None:
        super().__init__(allow_none=True, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        return value[: CUTS[str(attr)] + MARGIN]


class Count(fields.Field[int]):
    """A number of things, as browsers say it: 3 or 3.0; never negative, never beyond 2^53."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not -MOST <= value <= MOST:
            raise ValidationError("A number is needed.")
        return max(int(value), 0)


class Whole(fields.Integer):
    """A whole number and nothing that merely looks like one."""

    def __init__(self, **more: Any) -> None:
        super().__init__(strict=True, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        if type(value) is int:
            return value
        if isinstance(value, (bool, str)):
            raise ValidationError("A whole number is needed.")
        found: int | None = super()._deserialize(value, attr, data, **more)
        return found or 0


class Truth(fields.Field[bool]):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("true or false is needed.")
        return value


class Flat(fields.Field[dict[str, Any]]):
    """Facts: names → texts, numbers, true or false; null is left out."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or len(value) > MOST_FACTS:
            raise ValidationError(f"An object with at most {MOST_FACTS} facts is needed.")
        for name, fact in value.items():
            NAME(name)
            if fact is not None and not isinstance(fact, (str, int, float)):
                raise ValidationError({name: ["A text, a number, true or false is needed."]})
            if isinstance(fact, str) and len(fact) > 500:
                raise ValidationError({name: ["At most 500 characters."]})
        return {name: fact for name, fact in value.items() if fact is not None}


class Small(fields.Field[Any]):
    """Any small value (a selector, a viewport): what is larger is left out."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if isinstance(value, str):
            return value[: LONGEST + MARGIN]
        return value if len(json.dumps(value)) <= 1000 else None


class Known(fields.Field[dict[str, Any]]):
    """What a path was decided by: facts by name. What is none of that is left out, never refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            return {}
        facts = [(name, fact) for name, fact in value.items() if isinstance(fact, (str, int, float))]
        return dict([one for one in facts if len(str(one[1])) <= LONGEST][:MOST_FACTS])


class _Lenient(Schema):
    class Meta:
        unknown = EXCLUDE


class ConsentSchema(_Lenient):
    version = fields.String(required=True, validate=Length(1, 40))


class VisitorSchema(_Lenient):
    id = fields.String(allow_none=True, validate=Length(1, 100))
    reference = fields.String(allow_none=True, validate=Length(1, 200))
    name = fields.String(allow_none=True, validate=Length(max=200))
    email = fields.String(allow_none=True, validate=Length(max=254))
    consent = fields.Nested(ConsentSchema, allow_none=True)
    sig = fields.String(allow_none=True, validate=Length(max=100))


class SignalsSchema(_Lenient):
    rage_clicks = Count(allow_none=True)
    dead_clicks = Count(allow_none=True)
    form_errors = Count(allow_none=True)
    errors = Count(allow_none=True)
    back_and_forth = Count(allow_none=True)
    dwell_seconds = Count(allow_none=True)
    exit = Truth(allow_none=True)
    left_without_goal = Cut()
    trigger = fields.String(allow_none=True, validate=OneOf(TRIGGERS, error=f"One of {', '.join(TRIGGERS)} is needed."))


class StepSchema(_Lenient):
    at = Count(required=True)
    kind = Cut(required=True)
    what = Cut()


class Steps(fields.Field[list[Any]]):
    """The newest steps of the trail."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValidationError("A list is needed.")
        newest = value[-MOST_STEPS:]
        try:
            return [_read_step(step) for step in newest]
        except ValidationError:
            return list(_steps.load(newest))


class ContextSchema(_Lenient):
    url = Cut()
    referrer_host = Cut()
    title = Cut()
    tz = Cut()
    locale = Cut()
    device = Cut()
    viewport = Small(allow_none=True)
    element = Small(allow_none=True)
    release = Cut()
    facts = Flat(allow_none=True)
    sig = fields.String(allow_none=True, validate=Length(max=100))
    signals = fields.Nested(SignalsSchema, allow_none=True)
    trail = Steps(allow_none=True)


class TimesSchema(_Lenient):
    started = Count(allow_none=True)
    sent = Count(allow_none=True)


class SubmissionSchema(_Lenient):
    p = Whole(required=True, validate=OneOf(PROTOCOLS, error="This server speaks protocol 1."))
    id = fields.String(required=True, validate=UUID)
    secret = fields.String(allow_none=True, validate=SECRET)
    seq = Whole(load_default=1, validate=Range(1, 1_000_000))
    finished = Truth(load_default=True)
    survey = fields.String(required=True, validate=KEY)
    version = fields.String(required=True, validate=HASH)
    wave = Whole(load_default=1, validate=Range(1, 1_000_000))
    lang = fields.String(allow_none=True, validate=[Length(max=35), LANGUAGE])
    display = fields.String(allow_none=True, validate=UUID)
    answers = fields.Raw(required=True)
    at_opening = Known(allow_none=True)
    at = fields.Nested(TimesSchema, allow_none=True)
    visitor = fields.Nested(VisitorSchema, allow_none=True)
    context = fields.Nested(ContextSchema, allow_none=True)


class EventSchema(_Lenient):
    display = fields.String(required=True, validate=UUID)
    survey = fields.String(required=True, validate=KEY)
    version = fields.String(required=True, validate=HASH)
    kind = fields.String(required=True, validate=OneOf(("shown", "started", "closed")))


_submission, _steps, _event = SubmissionSchema(), StepSchema(many=True), EventSchema()
_read_submission, _read_step, _read_event = reader_of(_submission), reader_of(_steps), reader_of(_event)


def submission_from(value: Mapping[str, Any]) -> Submission:
    """Read one snapshot.

    Raises:
        BadShape: with a JSON pointer for each thing that does not fit.
    """
    read = _loaded(_submission, _read_submission, value, "")
    answers = read["answers"]
    if not isinstance(answers, dict) or len(answers) > MOST_ANSWERS:
        raise BadShape(
            f"answers must be an object with at most {MOST_ANSWERS} keys.",
            [Fault("/answers", f"An object with at most {MOST_ANSWERS} keys is needed.")],
        )
    context = {name: part for name, part in (read.get("context") or {}).items() if part is not None}
    sent = (read.get("at") or {}).get("sent")
    return Submission(
        id=read["id"].lower(),
        secret=read.get("secret"),
        seq=read["seq"],
        finished=read["finished"],
        survey=read["survey"],
        version=read["version"],
        wave=read["wave"],
        lang=read.get("lang"),
        display=(read.get("display") or "").lower() or None,
        answers=answers,
        sent_at=sent,
        visitor=_visitor(read.get("visitor"), value.get("visitor")),
        facts=(value.get("context") or {}).get("facts") or {},
        facts_sig=context.pop("sig", None),
        at_opening=read.get("at_opening"),
        context=context,
    )


def _visitor(read: Mapping[str, Any] | None, said: Mapping[str, Any] | None) -> Visitor:
    if not read or not said:
        return Visitor()
    return Visitor(
        id=read.get("id"),
        reference=read.get("reference"),
        name=read.get("name"),
        email=read.get("email"),
        consent_version=(read.get("consent") or {}).get("version"),
        sig=read.get("sig"),
        said={name: part for name, part in said.items() if name != "sig"},
    )


def events_from(value: Any) -> list[DisplayEvent]:
    """A batch of display events: one object, or {"events": [...]}.

    Raises:
        BadShape: one of them does not fit, or there are too many.
    """
    batch = value.get("events", [value])
    if not isinstance(batch, list) or len(batch) > MOST_EVENTS or not all(isinstance(one, dict) for one in batch):
        raise BadShape(f"events must be a list of at most {MOST_EVENTS} objects.", [Fault("/events", "Not such a list.")])
    read = [_loaded(_event, _read_event, one, f"/events/{place}") for place, one in enumerate(batch)]
    return [DisplayEvent(one["display"].lower(), one["survey"], one["version"], one["kind"]) for one in read]


def _loaded(schema: Schema, quick: Reader, value: Any, at: str) -> dict[str, Any]:
    with suppress(ValidationError):
        return quick(value)
    try:
        read: dict[str, Any] = schema.load(value)
    except ValidationError as error:
        faults = list(_faults(error.messages, at))
        first = faults[0]
        raise BadShape(f"{first.pointer or 'The body'}: {first.detail}", faults) from error
    return read


def _faults(messages: Any, at: str) -> list[Fault]:
    if isinstance(messages, dict):
        inner = ((part, f"{at}/{pointer_part(name)}" if name != "_schema" else at) for name, part in messages.items())
        return [fault for part, below in inner for fault in _faults(part, below)][:20]
    return [Fault(at, str(message)) for message in messages]
