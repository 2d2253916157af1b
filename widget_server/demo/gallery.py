"""/demo/gallery: every question type in any language and in four themes, drawn by the widget's own code.

Nothing that is answered there is sent: the surveys exist on that page alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask import Response, make_response, render_template, request

from widget_server.demo.site import POLICY, SITE_KEY, blueprint
from widget_server.sites.queries import site_by_key
from widget_server.sites.theme import compute
from widget_server.surveys import wire
from widget_server.surveys.definition import definition_from
from widget_server.surveys.queries import KnownVersion, all_surveys
from widget_server.surveys.questions.registry import TYPES
from widget_server.surveys.texts import spoken

HERE = Path(__file__).resolve().parent
THEMES: dict[str, dict[str, Any]] = {
    "light": {"scheme": "light"},
    "dark": {"scheme": "dark"},
    "system": {"scheme": "auto"},
    "own": {"scheme": "light", "accent": "#8a1f5c", "ground": "#fff8ef", "ink": "#2c1a24", "radius": 18, "font": "inherit"},
}
MIRRORED = ("ar", "he")
# the picture of the page is drawn through an address of its own making
PICTURES = POLICY.replace("img-src 'self'", "img-src 'self' data: blob:")


@blueprint.get("/gallery")
def gallery() -> Response:
    """Only the two choices are read; what is none of theirs is the first of them."""
    languages = words()
    lang = _one_of(request.args.get("lang"), languages)
    theme = _one_of(request.args.get("theme"), THEMES)
    shown = {
        "theme": compute(THEMES[theme]).as_json(),
        "surveys": [told(name, question, lang) for name, question in questions(lang)],
    }
    html = render_template(
        "demo/gallery.html",
        shown=shown,
        lang=lang,
        theme=theme,
        say=languages[lang],
        languages={code: said["name"] for code, said in languages.items()},
        themes=languages[lang]["themes"],
        mirrored=lang in MIRRORED,
        hosted=hosted(lang),
    )
    answer = make_response(html)
    answer.headers["Content-Security-Policy"] = PICTURES
    return answer


def hosted(lang: str) -> dict[str, str]:
    """The demo's surveys that have only a page of their own: key → title."""
    site = site_by_key(SITE_KEY)
    surveys = all_surveys(site.id) if site else []
    return {one.key: spoken(one.definition.title, lang) for one in surveys if one.definition.hosted_only}


def _one_of(given: str | None, known: Mapping[str, Any]) -> str:
    return given if given is not None and given in known else next(iter(known))


def questions(lang: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is shown, by name: each type, once for each of its looks. A type that is new stands there by itself."""
    said = words()[lang]
    for kind in TYPES:
        for number, (ask, own) in enumerate(_looks(kind, said, lang), 1):
            name = kind if number == 1 else f"{kind}-{number}"
            yield name, {"key": "it", "type": kind, "text": {lang: said[ask]}, **own}


def _looks(kind: str, said: Mapping[str, Any], lang: str) -> list[tuple[str, dict[str, Any]]]:
    """Which words ask it, and what else the type takes; a pair for each look."""
    steps = said["steps"]
    ends, whole = {"labels": {lang: said["ends"]}}, {"labels": {lang: steps}}
    options = [{"key": f"o{number}", "label": {lang: text}} for number, text in enumerate(said["options"])]
    other = {"key": "other", "label": {lang: said["other"]}, "text": {lang: said["which"]}}
    hint = {"hint": {lang: said["hint"]}}
    looks: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "smiley": [("feel", whole), ("feel", {"labels": {lang: [*steps[:2], *steps[3:]]}})],
        "stars": [("feel", whole)],
        "csat": [("feel", {"labels": {lang: [steps[0], steps[-1]]}})],
        "ces": [("feel", {"labels": {lang: [steps[0], steps[-1]]}})],
        "nps": [("recommend", ends)],
        "choice": [("topic", {"options": [*options, other], "random": True})],
        "choices": [("topic", {"options": [*options, other]})],
        "yes_no": [("found", {})],
        "text": [("say", hint), ("short", {"rows": 1, "max_length": 100})],
        "contact": [("reach", hint), ("reach", {"ask": ["name", "email"]})],
        "thumbs": [("feel", {})],
        "ranking": [("order", {"options": options})],
        "matrix": [
            ("feel", {"labels": {lang: [steps[0], steps[2], steps[-1]]}, "items": options}),
            ("feel", {**whole, "items": options}),
        ],
        "date": [("day", {"latest": "today"})],
        "statement": [("note", {"link": {"url": "https://example.com/", "label": {lang: said["read"]}}})],
        "element": [("where", {})],
        "screenshot": [("picture", {})],
    }
    return looks.get(kind, [("feel", {})])


def told(name: str, question: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The question as the only one of a survey, as a widget gets it."""
    return wire.survey(KnownVersion(0, 0, name, "gallery", definition_from(content(question, lang))), lang)


def content(question: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The same as a survey file would have it."""
    said = words()[lang]
    return {
        "title": {lang: said["title"]},  # in its own letters: they decide on which side a panel begins
        "languages": [lang],
        "consent": {"version": "1", "text": {lang: said["consent"]}},
        "questions": [question],
    }


@cache
def words() -> dict[str, dict[str, Any]]:
    """All that is said there, by language."""
    said: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "gallery.yaml").read_text(encoding="utf-8"))
    return said
