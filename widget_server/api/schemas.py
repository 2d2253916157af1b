"""What the API answers, as shapes: they write the answers out and make the documentation. Times are ms since 1970, UTC."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

TIME = {"description": "Milliseconds since 1970, UTC."}


def one_of(*values: str) -> fields.String:
    return fields.String(validate=validate.OneOf(values))


def time(**more: Any) -> fields.Integer:
    return fields.Integer(metadata=TIME, **more)


def maybe_time() -> fields.Integer:
    return time(allow_none=True)


def maybe_text() -> fields.String:
    return fields.String(allow_none=True)


class Shape(Schema):
    """An answer: every field is always there."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required = True


class ProblemPartSchema(Shape):
    pointer = fields.String(metadata={"description": "JSON pointer into the body, or the parameter's name after a slash."})
    detail = fields.String()


class ProblemSchema(Schema):
    """RFC 9457. Every refusal of the API looks like this, and says why."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    pointer = fields.String()
    errors = fields.List(fields.Nested(ProblemPartSchema))


class AssessmentSchema(Shape):
    """What the scorer made of a response, with every term of the sum."""

    model = fields.String()
    revision = fields.Integer()
    language = maybe_text()
    language_confidence = fields.Float(allow_none=True)
    supported = fields.Boolean()
    polarity = fields.Float(allow_none=True)
    label = one_of("negative", "neutral", "positive", "unsupported", "no_text")
    friction = fields.Float()
    needs_recovery = fields.Float()
    threshold = fields.Float()
    flagged = fields.Boolean()
    severity = fields.Integer()
    topics = fields.List(fields.Raw())
    terms = fields.List(fields.Raw())
    reasons = fields.List(fields.Raw())


STATES = ("kept", "archived", "spam", "test", "quarantined")


class VisitorResponseSchema(Shape):
    """What one visitor said to one survey, redacted; never who they are."""

    id = fields.String(metadata={"description": "The id that the client gave, ours where it gave none."})
    public_id = fields.String(metadata={"description": "Ours: never another response's, whatever clients call theirs."})
    survey = fields.String()
    version = fields.String()
    wave = fields.Integer()
    language = fields.String()
    state = one_of(*STATES)
    finished = fields.Boolean()
    seq = fields.Integer()
    received_at = time()
    updated_at = time()
    processed_at = maybe_time()
    changed_at = time()
    failure = maybe_text()
    origin = maybe_text()
    url = fields.String()
    release = maybe_text()
    visitor_verified = fields.Boolean()
    facts_verified = fields.Boolean()
    answers = fields.Dict(keys=fields.String(), values=fields.Raw())
    texts = fields.Dict(keys=fields.String(), values=fields.String())
    context = fields.Dict(keys=fields.String(), values=fields.Raw())
    assessment = fields.Nested(AssessmentSchema, allow_none=True)


class OwnerSchema(Shape):
    id = fields.String()
    name = fields.String()


class StepsSchema(Shape):
    """When each of the five steps was done; null: not yet."""

    acknowledged_at = maybe_time()
    understood_at = maybe_time()
    resolved_at = maybe_time()
    followed_up_at = maybe_time()
    documented_at = maybe_time()


CASE_STATES = ("open", "waiting", "resolved", "closed")
PRIORITIES = ("P1", "P2", "P3", "P4")


class CaseSchema(Shape):
    """A failure of service and what is done about it. Its version is its ETag."""

    id = fields.String()
    number = fields.Integer()
    reference = fields.String()
    state = one_of(*CASE_STATES)
    severity = fields.Integer()
    priority = one_of(*PRIORITIES)
    points = fields.Integer()
    parts = fields.List(fields.Raw(), metadata={"description": "The sum behind the priority."})
    reasons = fields.List(fields.Raw())
    reach = one_of("email", "receipt", "none")
    language = fields.String()
    team = maybe_text()
    owner = fields.Nested(OwnerSchema, allow_none=True)
    failures = fields.Integer(allow_none=True)
    repeat = fields.Boolean()
    repeat_of = fields.Integer(allow_none=True)
    responses = fields.List(fields.String())
    opened_at = time()
    changed_at = time()
    due = maybe_time()
    acknowledge_due = time()
    resolve_due = time()
    steps = fields.Nested(StepsSchema)
    closed_at = maybe_time()
    closed_as = maybe_text()
    reopened = fields.Integer()
    cause = maybe_text()
    remedy = maybe_text()
    version = fields.Integer()


class MessageSchema(Shape):
    """Words of a case: to the customer, from them, or between staff."""

    id = fields.String()
    kind = one_of("reply", "note", "customer")
    author = maybe_text()
    body = fields.String()
    apology = fields.Boolean()
    at = time()


class EventSchema(Shape):
    """One thing that happened to a case."""

    seq = fields.Integer()
    at = time()
    kind = fields.String()
    who = fields.String()
    what = fields.String()
    data = fields.Dict(keys=fields.String(), values=fields.Raw())


class PromiseSchema(Shape):
    id = fields.Integer()
    text = fields.String()
    due = time()
    state = one_of("open", "kept", "moved")


class GestureSchema(Shape):
    description = fields.String()
    amount = fields.Integer(metadata={"description": "In minor units: cents."})
    currency = fields.String()
    at = time()


class ThreadSchema(Shape):
    """All that was said, promised, given and done in a case, oldest first."""

    messages = fields.List(fields.Nested(MessageSchema))
    promises = fields.List(fields.Nested(PromiseSchema))
    gestures = fields.List(fields.Nested(GestureSchema))
    events = fields.List(fields.Nested(EventSchema))


class SurveySummarySchema(Shape):
    key = fields.String()
    title = fields.String()
    status = one_of("draft", "live", "paused", "archived")
    version = fields.String()
    wave = fields.Integer()


class SurveySchema(SurveySummarySchema):
    """A survey with the definition that is asked now: as its author wrote it, but that the site's name stands in it for
    `{site}`, and `wave` beside it."""

    definition = fields.Dict(keys=fields.String(), values=fields.Raw())


class VersionSchema(Shape):
    """A definition as it was asked."""

    key = fields.String()
    version = fields.String()
    definition = fields.Dict(keys=fields.String(), values=fields.Raw())


class SiteSchema(Shape):
    key = fields.String()
    name = fields.String()
    status = one_of("open", "closed")
    reference_prefix = fields.String()
    zone = fields.String()
    language = fields.String()
    languages = fields.List(fields.String())
    region = maybe_text()
    consent_mode = one_of("open", "ask")
    test_mode = fields.Boolean()
    phone = maybe_text()
    phone_hours = maybe_text()
    button_survey = maybe_text()
    button_position = fields.String()
    origins = fields.List(fields.String())


def listed(item: type[Schema], name: str) -> type[Schema]:
    """A page of a list: `items`, and in `next` the cursor of the page after it, null on the last one."""
    found: type[Schema] = type(
        name, (Shape,), {"items": fields.List(fields.Nested(item)), "next": fields.String(allow_none=True)}
    )
    return found


ResponseListSchema = listed(VisitorResponseSchema, "ResponseListSchema")
CaseListSchema = listed(CaseSchema, "CaseListSchema")


class SurveyListSchema(Shape):
    items = fields.List(fields.Nested(SurveySummarySchema))
