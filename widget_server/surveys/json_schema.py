"""JSON Schema of a survey file, for editors that help while an author writes: made from `schemas.py`, never by hand."""

from __future__ import annotations

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import fields

from widget_server.conditions import OPERATORS
from widget_server.surveys import schemas, shapes

DIALECT = "https://json-schema.org/draft/2020-12/schema"

CONDITIONS = {"type": "array", "items": {"$ref": "#/$defs/Condition"}}
CONDITION_FORMS: tuple[dict[str, Any], ...] = (
    {"all": CONDITIONS},
    {"any": CONDITIONS},
    {"not": {"$ref": "#/$defs/Condition"}},
    {"fact": {"type": "string"}, "operator": {"enum": list(OPERATORS)}, "value": {}},
)
CONDITION = {
    "oneOf": [
        {"type": "object", "properties": form, "required": list(form), "additionalProperties": False}
        for form in CONDITION_FORMS
    ]
}


def json_schema() -> dict[str, Any]:
    """The schema as a plain dict (draft 2020-12)."""
    plugin = MarshmallowPlugin()
    spec = APISpec("surveys", "1", openapi_version="3.1.0", plugins=[plugin])
    assert plugin.converter is not None
    plugin.converter.add_attribute_function(_condition)  # type: ignore[no-untyped-call]
    spec.components.schema("Survey", schema=schemas.SurveySchema)
    found = _moved(spec.to_dict()["components"]["schemas"])
    survey = found.pop("Survey")
    return {"$schema": DIALECT, "title": "A survey", **survey, "$defs": {**found, "Condition": CONDITION}}


def _condition(_converter: Any, field: fields.Field[Any], **_more: Any) -> dict[str, Any]:
    if not isinstance(field, shapes.Condition):
        return {}
    reference = {"$ref": "#/$defs/Condition"}
    return {"anyOf": [reference, {"type": "null"}]} if field.allow_none else reference


def _moved(value: Any) -> Any:
    """OpenAPI's references as JSON Schema's, Python's end-of-text pattern as JavaScript's."""
    if isinstance(value, dict):
        return {key: _moved(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_moved(inner) for inner in value]
    if isinstance(value, str):
        return value.replace("#/components/schemas/", "#/$defs/").replace(r"\Z", "$")
    return value
