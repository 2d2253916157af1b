"""`/api/v1/surveys`: what is asked, published and paused. A version never changes: answers are read by the one they name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from widget_server.accounts.operations import audit
from widget_server.api.frame import acting, actor, area, reading, site
from widget_server.api.reading import faults_in
from widget_server.api.schemas import SurveyListSchema, VersionSchema
from widget_server.api.schemas import SurveySchema as WholeSchema
from widget_server.api.shapes import Json, survey_shape
from widget_server.database import db
from widget_server.errors import Fault, Invalid, NotFound
from widget_server.sites.queries import forget
from widget_server.surveys.checks import findings
from widget_server.surveys.library import KEY, RESERVED
from widget_server.surveys.operations import publish, set_status
from widget_server.surveys.queries import LiveSurvey, all_surveys, content_of, find_version
from widget_server.surveys.schemas import SURVEY, SurveySchema
from widget_server.surveys.shapes import StrictSchema

surveys = area("surveys", "What is asked: definitions by version, published, paused and resumed.")


class DefinitionSchema(SurveySchema):
    """What stands in a survey file, as JSON."""


class AsWritten(fields.Nested):
    """Documented by its schema, and handed on as it was written: `refuse_unsound` says what does not fit."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, dict):
            raise ValidationError("a survey is an object")
        return value


class PublishBody(StrictSchema):
    definition = AsWritten(DefinitionSchema, required=True)


@reading(surveys, "/surveys", "surveys:read", SurveyListSchema)
def list_surveys() -> Any:
    """List surveys, with their state"""
    return {"items": [survey_shape(one) for one in all_surveys(site().id)]}


@reading(surveys, "/surveys/<key>", "surveys:read", WholeSchema)
def get_survey(key: str) -> Any:
    """Get a survey with the definition that is asked now"""
    return _whole(_found(key))


@reading(surveys, "/surveys/<key>/versions/<version>", "surveys:read", VersionSchema)
def get_survey_version(key: str, version: str) -> Any:
    """Get a definition as it was asked, by the version that a response names"""
    known = find_version(db.session, site().id, key, version)
    if known is None:
        raise NotFound("There is no such version of a survey at this site")
    return {"key": key, "version": version, "definition": content_of(known.version_id)}


@acting(surveys, "/surveys/<key>", "surveys:write", WholeSchema, body=PublishBody, method="PUT")
def publish_survey(body: dict[str, Any], key: str) -> Any:
    """Publish a definition: it is asked from now on. The same one again changes nothing"""
    if not KEY.fullmatch(key) or key in RESERVED:
        raise NotFound("A survey's key is 1 to 60 small letters, digits and hyphens, a letter first")
    content = body["definition"]
    refuse_unsound(content)
    version = publish(site(), key, content, content.get("wave"))
    forget()
    audit("survey.published", user=actor(), site_id=site().id, subject=key, version=version.hash)
    return _whole(_found(key))


@acting(surveys, "/surveys/<key>/pause", "surveys:write", WholeSchema)
def pause_survey(key: str) -> Any:
    """Stop asking. What open pages still send is kept"""
    return _turn(key, "paused")


@acting(surveys, "/surveys/<key>/resume", "surveys:write", WholeSchema)
def resume_survey(key: str) -> Any:
    """Ask again"""
    return _turn(key, "live")


def refuse_unsound(content: Mapping[str, Any]) -> None:
    """Hold a definition to what survey files are held to.

    Raises:
        Invalid: with a pointer to each thing that is wrong.
    """
    faults = faults_in(SURVEY.validate(content), ("definition",))
    if not faults:
        faults = [
            Fault("".join(f"/{part}" for part in ("definition", *one.where)), f"{one.message}; {one.remedy}")
            for one in findings(content)
            if one.is_error
        ]
    if faults:
        raise Invalid(f"{faults[0].pointer.lstrip('/')}: {faults[0].detail}", faults)


def _turn(key: str, status: str) -> Json:
    set_status(site(), _found(key).key, status)
    audit(f"survey.{status}", user=actor(), site_id=site().id, subject=key)
    return _whole(_found(key))


def _found(key: str) -> LiveSurvey:
    for one in all_surveys(site().id):
        if one.key == key:
            return one
    raise NotFound("There is no such survey at this site")


def _whole(one: LiveSurvey) -> Json:
    return {**survey_shape(one), "definition": content_of(one.version_id)}
