"""Each field of a body that allows null takes it, and each that does not says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from marshmallow import Schema, fields

from tests.api.rules import ask, refused, said, token_for
from tests.worker.conftest import Tern
from widget_server.api.sites import SiteBody
from widget_server.surveys.library import check_file
from widget_server.surveys.schemas import SURVEY

ON_A_PHONE = {"fact": "device", "operator": "is", "value": "phone"}
THANKS = {"title": {"en": "Thank you"}, "text": {"en": "We read it."}}
WHOLE = {
    "title": {"en": "Feedback"},
    "languages": ["en"],
    "button": {"en": "Say it"},
    "show": {"triggers": [{"kind": "dwell", "seconds": 9}], "targeting": ON_A_PHONE, "frequency": {}, "schedule": {}},
    "consent": {"version": "1", "text": {"en": "You may write to me."}},
    "questions": [
        {
            "key": "mood",
            "type": "stars",
            "required": True,
            "text": {"en": "How was it?"},
            "hint": {"en": "Be frank."},
            "labels": {"en": ["Awful", "Poor", "Okay", "Good", "Great"]},
            "show_if": ON_A_PHONE,
            "variants": [{"if": ON_A_PHONE, "text": {"en": "And here?"}, "hint": {"en": "Be short."}}],
            "leads_to": [{"if": ON_A_PHONE, "go": "end", "thanks": THANKS}],
        },
        {"key": "comment", "type": "text", "text": {"en": "What was it?"}, "must": {"min_length": 2}},
    ],
    "thanks": {**THANKS, "variants": [{**THANKS, "if": ON_A_PHONE}]},
}


def every_field(schema: Schema, place: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], bool]]:
    """Where each field stands, in a list at its first item, and whether it allows null."""
    for name, field in schema.fields.items():
        here = (*place, field.data_key or name)
        yield here, field.allow_none
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from every_field(inner.schema, here if inner is field else (*here, 0))


def with_null(content: dict[str, Any], place: tuple[Any, ...]) -> dict[str, Any]:
    changed = json.loads(json.dumps(content))
    holder: Any = changed
    for key in place[:-1]:
        if isinstance(holder, dict) and key not in holder:
            holder[key] = [{}] if place[place.index(key) + 1] == 0 else {}
        holder = holder[key]
    holder[place[-1]] = None
    return changed


SURVEY_FIELDS = list(every_field(SURVEY))
NULLABLE = [place for place, allowed in SURVEY_FIELDS if allowed]


def test_null_in_a_survey_is_taken_where_it_is_allowed_and_refused_elsewhere(tern: Tern) -> None:
    token = token_for(tern.site_id)
    said(ask(tern, "PUT", "/surveys/t", token, {"definition": WHOLE}))
    assert len(NULLABLE) > 8
    for place, allowed in SURVEY_FIELDS:
        answer = ask(tern, "PUT", "/surveys/t", token, {"definition": with_null(WHOLE, place)})
        if allowed:
            version = said(answer)["version"]
            told = tern.app.test_client().get(f"/v1/sites/tern/surveys/t/{version}/en")
            assert told.status_code == 200, place
        else:
            assert refused(answer, 422)["pointer"].startswith("/definition"), place
    assert tern.app.test_client().get("/v1/sites/tern/config").status_code == 200


@pytest.mark.parametrize("place", NULLABLE, ids=lambda place: ".".join(map(str, place)))
def test_a_file_with_it_is_checked_in_sentences(tmp_path: Path, place: tuple[Any, ...]) -> None:
    path = tmp_path / "any.yaml"
    path.write_text(yaml.safe_dump(with_null(WHOLE, place)))
    assert [one for one in check_file(path) if one.severity == "error"] == []


def test_null_in_the_sites_settings_is_taken_where_it_is_allowed(tern: Tern) -> None:
    token = token_for(tern.site_id)
    for (name,), allowed in every_field(SiteBody()):
        answer = ask(tern, "PATCH", "/site", token, {name: None})
        if allowed:
            assert said(answer)[name] is None
        else:
            refused(answer, 422)
