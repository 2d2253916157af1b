"""The shape of a survey file, as marshmallow schemas: what `surveys check` holds files to, and what `json_schema.py`
hands to editors. Shapes only; what goes across fields (languages, keys, conditions) stands in `checks.py`."""

from __future__ import annotations

from datetime import datetime

from marshmallow import ValidationError, fields, validate

from widget_server.surveys.must import KINDS
from widget_server.surveys.questions.registry import TYPES
from widget_server.surveys.shapes import (
    KEY,
    LANGUAGE,
    SHORT,
    WORD,
    Condition,
    Number,
    Strict,
    StrictSchema,
    Whole,
    YesNo,
    translated,
)


class VariantSchema(StrictSchema):
    condition = Condition(required=True, data_key="if")
    text = translated(required=True)
    hint = translated(allow_none=True)


class OwnThanksSchema(StrictSchema):
    title = translated(required=True)
    text = translated(allow_none=True)


class LeadSchema(StrictSchema):
    condition = Condition(data_key="if")
    go = Strict(required=True, validate=KEY)
    thanks = fields.Nested(OwnThanksSchema)


class MustSchema(StrictSchema):
    min_length = Whole(validate=validate.Range(1, 1_000, error="give a number from {min} to {max}"))
    kind = Strict(validate=validate.OneOf(KINDS, error="there is no kind '{input}': write email or digits"))
    matches = Strict(validate=WORD)
    example = Strict(validate=WORD)
    at_least = Whole(validate=validate.Range(1, 50, error="give a number from {min} to {max}"))
    at_most = Whole(validate=validate.Range(1, 50, error="give a number from {min} to {max}"))


class AnyQuestionSchema(StrictSchema):
    """What every question has; each type adds its own."""

    key = Strict(required=True, validate=KEY)
    type = Strict(required=True, validate=validate.OneOf(TYPES, error="there is no question type '{input}'"))
    required = YesNo()
    text = translated(required=True)
    hint = translated(allow_none=True)
    show_if = Condition(allow_none=True)
    in_place = YesNo()
    leads_to = fields.List(fields.Nested(LeadSchema))
    must = fields.Nested(MustSchema)
    variants = fields.List(fields.Nested(VariantSchema))


KEYS_OF_TYPES = {name: field for kind in TYPES.values() for name, field in kind.takes.items()}
QuestionSchema = type("QuestionSchema", (AnyQuestionSchema,), {name: field() for name, field in KEYS_OF_TYPES.items()})


TRIGGERS = (
    "exit_intent", "dwell", "event", "scroll", "idle", "page_view", "click", "visible",
    "rage_click", "dead_click", "form_error", "back_and_forth", "error",
)  # fmt: skip
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK = validate.Regexp(r"^([01]\d|2[0-3]):[0-5]\d\Z", error="'{input}' is no time of day: write it as in \"09:30\"")


class TriggerSchema(StrictSchema):
    kind = Strict(required=True, validate=validate.OneOf(TRIGGERS, error="there is no trigger '{input}'"))
    min_dwell_seconds = Number(validate=validate.Range(0, 86_400, error="give seconds, 0 to {max}"))
    seconds = Number(validate=validate.Range(1, 86_400, error="give seconds, 1 to {max}"))
    name = Strict(validate=WORD)
    percent = Number(validate=validate.Range(1, 100, error="give per cent of the page, 1 to {max}"))
    selector = Strict(validate=SHORT)
    times = Whole(validate=validate.Range(1, 20, error="give a number from {min} to {max}"))
    pages = Whole(validate=validate.Range(1, 1_000, error="give a number from {min} to {max}"))


class FrequencySchema(StrictSchema):
    repeat = Strict(
        validate=validate.OneOf(["once", "times", "until_answered", "every", "always"], error="there is no repeat '{input}'")
    )
    cooldown_days = Number(validate=validate.Range(0, 365, error="give days, 0 to {max}"))
    times = Whole(validate=validate.Range(1, 100, error="give a number from {min} to {max}"))
    every_days = Number(validate=validate.Range(1, 3650, error="give days, {min} to {max}"))
    per_session = Whole(validate=validate.Range(1, 100, error="give a number from {min} to {max}"))


def a_moment(value: str) -> None:
    """A local date, or a date and a time of day; it is read in the site's zone."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ValidationError('this is no date: write it as in "2027-01-31" or "2027-01-31T09:00"') from None
    if moment.tzinfo is not None or not 2000 <= moment.year <= 2200:
        raise ValidationError("write a date of the years 2000 to 2200 without a zone: it is read in the site's own")


class ScheduleSchema(StrictSchema):
    starts = Strict(data_key="from", validate=a_moment)
    until = Strict(validate=a_moment)
    days = fields.List(
        Strict(validate=validate.OneOf(DAYS, error="'{input}' is no day: write mon, tue, wed, thu, fri, sat or sun")),
        validate=validate.Length(min=1, error="name one at least"),
    )
    hours = fields.List(
        Strict(validate=CLOCK), validate=validate.Length(equal=2, error="write when it opens and when it closes")
    )


class ShowSchema(StrictSchema):
    triggers = fields.List(
        fields.Nested(TriggerSchema),
        validate=validate.Length(max=5, error="there are more than {max} triggers: remove some"),
    )
    targeting = Condition(allow_none=True)
    frequency = fields.Nested(FrequencySchema)
    silenced_by = fields.List(Strict(validate=WORD))
    percent = Number(validate=validate.Range(0.01, 100, error="give per cent of the visitors, {min} to {max}"))
    schedule = fields.Nested(ScheduleSchema)
    hosted_only = YesNo()


DISPLAYS = ("panel", "modal", "inline")


class ConsentSchema(StrictSchema):
    version = Strict(required=True, validate=WORD)
    text = translated(required=True)


class ThanksVariantSchema(OwnThanksSchema):
    condition = Condition(required=True, data_key="if")


class ThanksSchema(OwnThanksSchema):
    variants = fields.List(fields.Nested(ThanksVariantSchema))


class SurveySchema(StrictSchema):
    title = translated(validate.Length(min=1, max=80, error="write 1 to {max} characters"), required=True)
    purpose = Strict(validate=validate.OneOf(["listen", "recovery"], error="there is no purpose '{input}'"))
    display = Strict(validate=validate.OneOf(DISPLAYS, error="there is no display '{input}': use panel, modal or inline"))
    opened_by = Strict(validate=SHORT)
    anonymous = YesNo()
    wave = Whole(validate=validate.Range(1, 1_000_000, error="give a number from {min} on"))
    languages = fields.List(
        Strict(validate=LANGUAGE), required=True, validate=validate.Length(min=1, error="name one at least")
    )
    minutes = Number(validate=validate.Range(0, 60, error="give minutes, 0 to {max}"))
    button = translated(WORD, allow_none=True)
    show = fields.Nested(ShowSchema)
    consent = fields.Nested(ConsentSchema)
    questions = fields.List(
        fields.Nested(QuestionSchema), required=True, validate=validate.Length(1, 50, error="ask {min} to {max} questions")
    )
    thanks = fields.Nested(ThanksSchema)


SURVEY = SurveySchema()
