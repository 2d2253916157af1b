"""`/api/openapi.json` and `/api/docs`: what the API can do. Public: it says nothing of a site."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from widget_server.api.frame import Area
from widget_server.api.specification import specification
from widget_server.intake.safe_json import LARGEST_INTEGER

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@dataclass(frozen=True)
class Operation:
    """One operation as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    scope: str
    parameters: list[dict[str, Any]]
    body: str
    answer: str
    refusals: list[str]


def blueprint_of(areas: Sequence[Area]) -> Blueprint:
    """The two routes, over these areas."""
    blueprint = Blueprint(
        "api_docs", __name__, url_prefix="/api", template_folder="templates",
        static_folder="static", static_url_path="/docs/static",
    )

    @cache
    def document() -> tuple[dict[str, Any], bytes, str]:
        made = specification(areas)
        text = json.dumps(made, ensure_ascii=False, indent=1).encode()
        return made, text, hashlib.sha256(text).hexdigest()[:16]

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        _, text, digest = document()
        answer = make_response(text)
        answer.content_type = "application/json"
        return _public(answer, digest)

    @blueprint.get("/docs")
    def docs() -> Response:
        made, _, digest = document()
        page = render_template("api/docs.html", about=made["info"], groups=groups(made), shapes=shapes(made))
        return _public(make_response(page), digest)

    return blueprint


def _public(answer: Response, digest: str) -> Response:
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.set_etag(digest)
    return answer.make_conditional(request)  # type: ignore[return-value]


def groups(made: dict[str, Any]) -> list[tuple[dict[str, str], list[Operation]]]:
    """The operations under their tags, in order."""
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in made["tags"]}
    for path, item in made["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                found[operation["tags"][0]].append(_operation(path, method, operation, item.get("parameters", [])))
    return [(tag, found[tag["name"]]) for tag in made["tags"]]


def _operation(path: str, method: str, said: dict[str, Any], shared: list[dict[str, Any]]) -> Operation:
    responses = said["responses"]
    good = next(responses[code] for code in responses if code.startswith("2"))
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said.get("summary", ""),
        scope=said["security"][0]["token"][0],
        parameters=[{**one, "kind": kind_of(one["schema"])} for one in [*shared, *said.get("parameters", [])]],
        body=_shape_in(said.get("requestBody", {})),
        answer=_shape_in(good),
        refusals=sorted(code for code in responses if code[0] in "345"),
    )


def _shape_in(part: dict[str, Any]) -> str:
    content: dict[str, Any] = next(iter(part.get("content", {}).values()), {})
    schema = content.get("schema", {})
    return str(schema.get("$ref", "")).rpartition("/")[2]


def shapes(made: dict[str, Any]) -> list[tuple[str, str, list[tuple[str, str, bool, str]]]]:
    """Every shape: name, what it is, and its fields as (name, kind, always there, what it says)."""
    return [
        (
            name,
            schema.get("description", ""),
            [
                (field, kind_of(said), field in schema.get("required", []), said.get("description", ""))
                for field, said in schema.get("properties", {}).items()
            ],
        )
        for name, schema in sorted(made["components"]["schemas"].items())
    ]


def kind_of(schema: dict[str, Any]) -> str:
    """A field's type in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(kind_of(one) for one in schema[several])
    if "enum" in schema:
        said = " | ".join(str(one) for one in schema["enum"])
        return f"{said}, usually {schema['default']}" if "default" in schema else said
    kind = schema.get("type", "anything")
    if isinstance(kind, list):
        return " or ".join(kind_of({**schema, "type": one}) for one in kind)
    if kind == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    return f"{kind}{_bounds(schema)}"


def _bounds(schema: dict[str, Any]) -> str:
    """', 1 to 200, usually 50'; a bound that only says what a database holds is left out."""
    least, most = schema.get("minimum"), schema.get("maximum")
    said = f", {least} to {most}" if most is not None and most < LARGEST_INTEGER else ""
    if "maxLength" in schema:
        said += f", at most {schema['maxLength']} characters"
    return said + (f", usually {schema['default']}" if "default" in schema else "")
