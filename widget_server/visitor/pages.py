"""The customer's own page for their case: /r/<token>. GET reads (mail scanners follow links), POST acts and redirects.

The token is the capability: there is no login and no cookie, so nothing that another page could ride on.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask import Response as HttpResponse
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from widget_server import desk
from widget_server.clock import MINUTE, now_ms
from widget_server.config import settings
from widget_server.database import db, writing
from widget_server.desk.words import LONGEST, TOKEN, tidy
from widget_server.errors import Conflict, Invalid, NotFound, Refusal, TooMany
from widget_server.intake.arrival import regions_of
from widget_server.recovery.letters import known_language
from widget_server.recovery.queries import case_of_response, shares_thread
from widget_server.redaction import redact
from widget_server.responses.models import Response
from widget_server.responses.queries import response_by_public_id
from widget_server.responses.receipts import read_receipt
from widget_server.sites.models import Site
from widget_server.sites.queries import site_by_key
from widget_server.visitor import guard
from widget_server.visitor.colours import style_sheet
from widget_server.visitor.reading import HTML_CODES, Page, read_page
from widget_server.visitor.saying import messages, offered, say

blueprint = Blueprint(
    "visitor", __name__, template_folder="templates", static_folder="static", static_url_path="/r/static"
)
blueprint.after_app_request(guard.secure)

ACTS = ("fair", "write", "yes", "no", "rate", "mail", "erase")
DONE = {"fair": "fair", "write": "write", "yes": "yes", "no": "no", "rate": "rate", "mail": "mail", "erase": "erased"}


@dataclass(frozen=True)
class Trouble:
    """Why an act was refused, said beside the words that were typed; `act` None: about the whole page."""

    sentence: str
    words: str = ""
    act: str | None = None
    status: int = 422


@blueprint.get("/r/<token>")
def show(token: str) -> AnyResponse:
    return _render(token, _response(token), None)


@blueprint.get("/r/<token>/delete")
def confirm_deletion(token: str) -> AnyResponse:
    response = _response(token)
    site = _site(response)
    language = _language(response, site)
    return make_response(render_template("visitor/delete.html", token=token, **_frame(language, site)))


@blueprint.post("/r/<token>")
def act(token: str) -> AnyResponse:
    response = _response(token)
    language = _language(response, _site(response))
    try:
        what, words, once = request.form.get("do", ""), tidy(_text()), _once()
    except RequestEntityTooLarge:
        return _render(token, response, Trouble(messages()[language]["trouble"]["expired"], status=413))
    if what not in ACTS:
        return _render(token, response, Trouble(messages()[language]["trouble"]["expired"], status=400))
    try:
        guard.limit(response.public_id)
        _check_length(what, words)
        _check_mail(what)
        _do(response.id, what, words, once)
    except (Invalid, Conflict, TooMany, NotFound) as refusal:
        db.session.rollback()
        return _render(token, _response(token), _trouble(refusal, what, words, language))
    where = url_for("visitor.show", token=token, lang=language, done=DONE[what], at=now_ms(), _anchor="told")
    return redirect(where, 303)


@blueprint.get("/r/theme/<site_key>.css")
def theme(site_key: str) -> AnyResponse:
    site = site_by_key(site_key)
    if site is None:
        raise NotFound("No such site")
    return HttpResponse(style_sheet(site.theme), mimetype="text/css")


@blueprint.errorhandler(Refusal)
def refused(refusal: Refusal) -> AnyResponse:
    answer = _no_page(refusal.status)
    if refusal.retry_after is not None:
        answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer


@blueprint.errorhandler(HTTPException)
def failed(error: HTTPException) -> AnyResponse:
    return _no_page(error.code or 500)


def _no_page(status: int) -> AnyResponse:
    """In the same look, in the language that was asked for, and without a hint whether there ever was one."""
    language = _asked_language("en")
    said = messages()[language]["away" if status >= 500 else "missing"]
    return make_response(render_template("visitor/missing.html", said=said, **_frame(language, None)), status)


# Acting ---------------------------------------------------------------------------------------------------------------


def _do(response_id: int, what: str, words: str, once: str) -> None:
    with writing():
        response = db.session.get_one(Response, response_id, with_for_update=True)
        if what == "erase":
            desk.erase(response)
            return
        if what == "mail":
            desk.mail_receipt(response)
            return
        if "erased" in response.context:  # in another tab, meanwhile
            raise Conflict("This message was deleted.")
        case = case_of_response(response.id)
        words = redact(words, regions_of(_site(response).region, response.language, None)).text
        if case is None and what == "rate":
            raise Conflict("There is nothing to rate.")
        if case is None:
            desk.ask_a_person(response, words, token=once)
        elif what == "rate":
            if shares_thread(case, response.id):
                desk.rate_recovery(case, _rating())
        elif what == "write" or not shares_thread(case, response.id):
            desk.write_again(case, words, response=response, token=once)
        elif what == "fair":
            desk.say_what_is_fair(case, words, response=response, token=once)
        else:
            desk.answer_followup(case, what == "yes", words, response=response, token=once)


def _check_length(what: str, words: str) -> None:
    """Measured before redaction changes it: it is the customer's own count."""
    if what in ("fair", "write") and not words:
        raise Invalid("empty")
    if len(words) > LONGEST:
        raise Invalid("long")


def _check_mail(what: str) -> None:
    """For a page that was made while there was a mail server."""
    if what == "mail" and settings().smtp is None:
        raise NotFound("No mail can be sent from here.")


def _trouble(refusal: Refusal, what: str, words: str, language: str) -> Trouble:
    texts = messages()[language]["trouble"]
    if isinstance(refusal, TooMany):
        sentence = texts["often"]
    elif isinstance(refusal, Conflict | NotFound):
        sentence = texts["late"]
    elif len(words) > LONGEST:
        sentence = str(say(texts["long"], count=len(words) - LONGEST))
    else:
        sentence = texts["empty"]
    beside = (
        what if what in ("fair", "write", "no") and not isinstance(refusal, Conflict | NotFound) else None
    )
    return Trouble(sentence, words, beside, refusal.status)


def _text() -> str | None:
    """The form's words. Their field's name ends in a number that grows with all that was said, so that the browser,
    on the way back to the page, fills in what was typed and not yet sent, and never what was."""
    return next((words for name, words in request.form.items() if name.startswith("text")), None)


def _rating() -> int:
    given = request.form.get("rating", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 3 else -1


def _once() -> str:
    """The form's own token, so that a double press is one; a client without one gets one a request."""
    given = request.form.get("once", "")
    return given if TOKEN.fullmatch(given) else secrets.token_urlsafe(12)


# Showing --------------------------------------------------------------------------------------------------------------


def _render(token: str, response: Response, trouble: Trouble | None) -> AnyResponse:
    site = _site(response)
    language = _language(response, site)
    page = read_page(response, site, language, now_ms())
    t = messages()[language]
    if (
        trouble is not None
        and trouble.act not in (None, "write", page.asks)
        and not (trouble.act == "no" and page.asks == "held")
    ):  # the form is gone: the words go where there is one
        trouble = Trouble(trouble.sentence, trouble.words, "write", trouble.status)
    answer = make_response(
        render_template(
            "visitor/receipt.html",
            page=page,
            token=token,
            numbers=_numbers(page, t),
            talk=_talk(site, page.reference or page.receipt, t),
            told=_told(t) if trouble is None else None,
            trouble=trouble,
            once=secrets.token_urlsafe(12),
            **_frame(language, site),
        ),
        trouble.status if trouble else 200,
    )
    if trouble is not None and trouble.status == 429:
        answer.headers["Retry-After"] = str(TooMany.retry_after)
    return answer


def _told(t: dict[str, Any]) -> str | None:
    """What was done, for as long as it is news. The page's script takes it out of the address at once; where none runs,
    an address that was kept says nothing of it after a minute."""
    at = request.args.get("at", "")
    given = int(at) if at.isascii() and at.isdigit() and len(at) < 16 else 0
    said: str | None = t["done"].get(request.args.get("done", ""))
    return said if 0 <= now_ms() - given < MINUTE else None


def _frame(language: str, site: Site | None) -> dict[str, Any]:
    return {
        "t": messages()[language],
        "language": language,
        "languages": {code: messages()[code] for code in offered(site.languages if site else (), language)},
        "site": site,
        "scheme": site.theme.get("scheme") if site else None,
        "say": say,
        "asset": asset,
    }


def _numbers(page: Page, t: dict[str, Any]) -> Markup | None:
    """What they may quote: the case's reference where there is one, and the receipt's number from the widget."""
    known = (("case", page.reference), ("receipt", page.receipt))
    said = [
        say(t["numbers"][kind], number=Markup('<span class="r-ref-no">{}</span>').format(number))
        for kind, number in known
        if number
    ]
    return Markup(" · ").join(said) if said else None


def _talk(site: Site, number: str | None, t: dict[str, Any]) -> Markup | None:
    if not site.phone:
        return None
    digits = "".join(one for one in site.phone if one.isdigit() or one == "+")
    phone = Markup('<a href="tel:{}">{}</a>').format(digits, site.phone)
    spoken = HTML_CODES.get(site.language, site.language)  # the hours are the site's own words
    hours = Markup('<span lang="{}">{}</span>').format(spoken, site.phone_hours)
    sentence = say(t["talk_hours"] if site.phone_hours else t["talk"], phone=phone, hours=hours)
    if number is None:
        return sentence
    quoted = Markup('<span class="r-ref-no">{}</span>').format(number)
    return sentence + " " + say(t["talk_reference"], reference=quoted)


def _response(token: str) -> Response:
    public_id = read_receipt(settings().secret_key, token)
    found = response_by_public_id(public_id) if public_id else None
    if found is None:
        raise NotFound("No such receipt")
    return found


def _site(response: Response) -> Site:
    return db.session.get_one(Site, response.site_id)


def _language(response: Response, site: Site) -> str:
    return _asked_language(known_language(response.language, known_language(site.language)))


def _asked_language(default: str) -> str:
    asked = request.args.get("lang", "")
    return known_language(asked, default) if asked else default


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((Path(__file__).parent / "static" / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a file of ours, with its content's fingerprint, so that it may be kept for good."""
    return url_for("visitor.static", filename=name, v=_fingerprint(name))
