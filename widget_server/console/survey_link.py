"""A survey's own address, and the QR code of it: to copy, to save, to print. Reads only."""

from __future__ import annotations

import io

import segno
from flask import Response as Answered
from flask import make_response, render_template

from widget_server.config import settings
from widget_server.console.frame import here, screen
from widget_server.errors import NotFound
from widget_server.surveys.queries import LiveSurvey, all_surveys

PIXELS = 12  # a module of the PNG: prints sharp at 10 cm


@screen("/surveys/<survey_key>/code.svg", "surveys.read")
def survey_svg(survey_key: str) -> Answered:
    """The QR code as a drawing."""
    return _picture(survey_key, "svg", "image/svg+xml")


@screen("/surveys/<survey_key>/code.png", "surveys.read")
def survey_png(survey_key: str) -> Answered:
    """The QR code as a picture for programs that take no drawing."""
    return _picture(survey_key, "png", "image/png")


@screen("/surveys/<survey_key>/print", "surveys.read")
def survey_print(survey_key: str) -> Answered:
    """A sheet to print: what is asked, the code, and the address for whoever can't scan."""
    found = hosted_survey(survey_key)
    title = found.definition.title
    language = here().site.language
    return make_response(
        render_template(
            "console/survey_print.html",
            survey=found,
            title=title.get(language) or next(iter(title.values())),
            spoken=language if language in title else next(iter(title)),
            address=address_of(found.key),
        )
    )


def _picture(survey_key: str, kind: str, media_type: str) -> Answered:
    found = hosted_survey(survey_key)
    answer = make_response(code_of(address_of(found.key), kind))
    answer.headers["Content-Type"] = media_type
    answer.headers["Content-Disposition"] = f'inline; filename="{found.key}.{kind}"'
    return answer


def hosted_survey(key: str) -> LiveSurvey:
    """A survey that has an address: what follows a case is asked on the customer's own page instead."""
    for found in all_surveys(here().site.id):
        if found.key == key and found.definition.purpose == "listen":
            return found
    raise NotFound("There is no such survey.")


def address_of(survey_key: str) -> str:
    return f"{settings().base_url}/s/{here().site.key}/{survey_key}"


def code_of(address: str, kind: str) -> bytes:
    """The code with a quiet zone of four modules, black on white in any scheme: scanners want that."""
    file = io.BytesIO()
    drawing = {"scale": PIXELS} if kind == "png" else {"scale": 4, "xmldecl": False}
    segno.make(address, error="m", micro=False).save(
        file, kind=kind, border=4, dark="#000", light="#fff", **drawing
    )
    return file.getvalue()
