"""A survey on a page of ours: /s/<site>/<survey>, for links, mail and QR codes. The same widget, with no page around it.

Only GET: what is answered goes the way of every response. Attributes come in by a link that was signed, or not at all.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask import Response as HttpResponse
from werkzeug.wrappers import Response as AnyResponse

from widget_server.clock import now_ms
from widget_server.recovery.letters import known_language
from widget_server.sites.models import Site
from widget_server.sites.queries import PublicSite, identity_secrets, public_site, site_by_key
from widget_server.surveys import wire
from widget_server.surveys.queries import KnownVersion, LiveSurvey, all_surveys
from widget_server.visitor import guard
from widget_server.visitor.links import signed_facts
from widget_server.visitor.pages import asset
from widget_server.visitor.saying import messages, offered

blueprint = Blueprint("hosted", __name__, template_folder="templates")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
HEADERS = guard.HEADERS | {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}


@blueprint.after_app_request
def secure(answer: HttpResponse) -> HttpResponse:
    """Also for what no route answers."""
    if request.path.startswith("/s/"):
        answer.headers.update(HEADERS)
    return answer


@blueprint.get("/s/<site_key>/<survey_key>")
def survey(site_key: str, survey_key: str) -> AnyResponse:
    """The survey, or in a plain sentence why there is none to answer."""
    site = public_site(site_key) if site_key.isascii() else None
    found = _found(site, survey_key) if site else None
    if site is None or found is None:
        return _said("missing", 404, None, _wanted("en"))
    language = found.definition.language_for(_asked(found), site.language)
    if site.status != "open" or found.status != "live":
        return _said("over", 410, site_by_key(site_key), language)
    known = KnownVersion(found.version_id, found.survey_id, found.key, found.version, found.definition)
    given = {
        "about": wire.hosted_config(site, found),
        "survey": wire.survey(known, language),
        "anonymous": found.definition.anonymous,
        "again": found.definition.frequency.repeat == "always",
        **_signed_facts(site),
    }
    page = render_template(
        "visitor/hosted.html",
        given=given,
        title=found.definition.title.get(language) or next(iter(found.definition.title.values())),
        **_frame(language, site_by_key(site_key), found.definition.languages),
    )
    return make_response(page)


def _found(site: PublicSite, key: str) -> LiveSurvey | None:
    """A survey of the site that people may open by a link; what follows a case is asked on the customer's own page."""
    return next(
        (one for one in all_surveys(site.id) if one.key == key and one.definition.purpose == "listen"), None
    )


def _asked(found: LiveSurvey) -> str:
    """The language that the address names, else the first of the browser's that the survey speaks."""
    named = request.args.get("lang", "")[:20]
    if named:
        return named
    best = request.accept_languages.best_match([*found.definition.languages, "nb", "nn"])
    return best or ""


def _wanted(default: str) -> str:
    named = request.args.get("lang") or request.accept_languages.best or default
    return known_language(named[:20], default)


def _signed_facts(site: PublicSite) -> dict[str, Any]:
    """Attributes of the link, as the widget hands them on: with their signature, or none."""
    raw, sig = request.args.get("facts", ""), request.args.get("sig", "")
    facts = signed_facts(raw, sig, identity_secrets(site.id), now_ms()) if raw else None
    return {"facts": facts, "sig": sig} if facts else {}


def _said(what: str, status: int, site: Site | None, language: str) -> AnyResponse:
    language = known_language(language)
    said = messages()[language]["hosted"]["over"] if what == "over" else messages()[language]["missing"]
    frame = _frame(language, site, (language,))
    return make_response(render_template("visitor/missing.html", said=said, **frame), status)


def _frame(language: str, site: Site | None, languages: tuple[str, ...]) -> dict[str, Any]:
    code = known_language(language)
    near = offered(site.languages if site else (), code)
    spoken = {one: messages()[one] for one in languages if one in near}
    return {
        "t": messages()[code],
        "language": language,
        "languages": spoken,
        "site": site,
        "scheme": site.theme.get("scheme") if site else None,
        "asset": asset,
        "keep": {name: request.args[name] for name in ("facts", "sig") if name in request.args},
    }
