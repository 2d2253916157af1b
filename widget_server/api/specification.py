"""OpenAPI 3.1, made from the routes themselves: shapes by flask-smorest, and what the frame does to each by its rule."""

from __future__ import annotations

import http
from collections.abc import Sequence
from typing import Any

import flask_smorest
from flask import Flask
from flask_smorest.utils import prepare_response

from widget_server.api.frame import POLICY, Area, Rule
from widget_server.api.schemas import ProblemSchema

PROBLEM = "application/problem+json"
ABOUT = (
    "What a program may do at one site. Every request carries a token of the site in the header "
    "'Authorization: Bearer wst_…'. Times are milliseconds since 1970, UTC. "
    "Refusals are problem details (RFC 9457) and say why."
)
ALWAYS = (400, 401, 403, 422, 429, 503)

IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": 'The ETag that you read, such as "7"; * writes over anything.',
    "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,9}")$'},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same request acts once within 24 hours, and answers the same.",
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,200}$"},
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "An ETag that you have: 304 where it is still the same.",
    "schema": {"type": "string"},
}
ETAG = {"ETag": {"description": "The version.", "schema": {"type": "string"}}}
RETRY_AFTER = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}


class Specification(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest's, with our one shape of refusals."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """`app.py` maps errors."""

    def _register_responses(self) -> None:
        for name, said in [("DEFAULT_ERROR", "Refused"), *((one.name, one.phrase) for one in http.HTTPStatus)]:
            response: dict[str, Any] = {"description": said, "schema": ProblemSchema}
            prepare_response(response, self.spec, PROBLEM)
            if name in ("TOO_MANY_REQUESTS", "SERVICE_UNAVAILABLE"):
                response["headers"] = RETRY_AFTER
            self.spec.components.response(name, response, lazy=True)


def specification(areas: Sequence[Area]) -> dict[str, Any]:
    """The whole document. Made on an application of its own: it depends on the code alone."""
    scratch = Flask("specification")
    scratch.config.update(API_TITLE="widget-server", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    api = Specification(scratch, spec_kwargs={"info": {"description": ABOUT}})
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer", "description": "A token of the site."})
    rules = {endpoint.partition(".")[2]: rule for endpoint, rule in POLICY.items()}
    for one in areas:
        api.register_blueprint(one)
    for code in (*ALWAYS, 404, 409, 412, 413, 415, 428):
        api.spec.components.get_ref("response", http.HTTPStatus(code).name)
    made: dict[str, Any] = api.spec.to_dict()
    made["components"]["schemas"].pop("PaginationMetadata", None)  # flask-smorest's own, which nothing here uses
    _tell_shapes(made, api.ma_plugin.converter.refs)
    _plain_patterns(made)
    made["servers"] = [{"url": "/"}]
    made["tags"] = [{"name": one.tag, "description": one.description} for one in areas]
    for path, item in made["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                _complete(item[method], rules[item[method]["operationId"]], named="{" in path)
    return made


def _complete(operation: dict[str, Any], rule: Rule, *, named: bool) -> None:
    """What the frame asks and answers beside the view."""
    operation["security"] = [{"token": [rule.scope]}]
    operation["description"] = f"Scope: `{rule.scope}`."
    parameters = operation.setdefault("parameters", [])
    refusals = [*ALWAYS, *([404] if named or not rule.writes else [])]
    if rule.keyed:
        parameters.append(IDEMPOTENCY_KEY)
    if rule.writes:
        refusals += [409, 413, 415]
    if rule.versioned:
        parameters.append(IF_MATCH if rule.writes else IF_NONE_MATCH)
        refusals += [412, 428] if rule.writes else []
    responses = operation["responses"]
    for code in sorted(refusals):
        responses[str(code)] = {"$ref": f"#/components/responses/{http.HTTPStatus(code).name}"}
    if rule.versioned:
        responses["200"]["headers"] = ETAG
        if not rule.writes:
            responses["304"] = {"description": "It is still the same.", "headers": ETAG}


def _tell_shapes(made: dict[str, Any], refs: dict[Any, str]) -> None:
    """What a shape's own docstring says of it, in its first paragraph."""
    for key, name in refs.items():
        told = key[0].__dict__.get("__doc__") if isinstance(key[0], type) else None
        if told and name in made["components"]["schemas"]:
            made["components"]["schemas"][name]["description"] = told.partition("\n\n")[0].strip()


def _plain_patterns(part: Any) -> None:
    """Python's end of a text is spelled otherwise in ECMA-262, which JSON Schema asks for."""
    if isinstance(part, list):
        for inner in part:
            _plain_patterns(inner)
    elif isinstance(part, dict):
        for name, inner in part.items():
            if name == "pattern" and isinstance(inner, str):
                part[name] = inner.replace("\\Z", "$")
            else:
                _plain_patterns(inner)
