"""What staff do to a case from its page: each route reads its form, makes one call to the desk, and goes back.

A refusal comes back as the page with everything still in the form: 409 with what somebody else did meanwhile, 422 with
the sentence under the field.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from sqlalchemy import select

from widget_server import desk
from widget_server.accounts.models import Membership, User
from widget_server.accounts.operations import audit
from widget_server.clock import now_ms
from widget_server.console import case_form, queue_counts, queue_reading
from widget_server.console.case import note_taken, page
from widget_server.console.frame import actor, command, here
from widget_server.console.incident_words import named
from widget_server.console.queue import wanted_by
from widget_server.console.rendering import open_cases, zone
from widget_server.console.words import plural
from widget_server.database import db, writing
from widget_server.desk.gestures import BeyondBudget, Gift
from widget_server.desk.replies import Promise, Then
from widget_server.errors import Conflict, Invalid, NotFound
from widget_server.people.models import Contact
from widget_server.people.queries import reveal
from widget_server.recovery.models import Case, CaseResponse
from widget_server.recovery.queries import case_by_number
from widget_server.sites.models import Team

TAB_OF = {
    "console.claim": "claim",
    "console.reply": "reply",
    "console.note": "note",
    "console.understand": "found",
    "console.resolve": "resolve",
    "console.close": "close",
    "console.hand_over": "hand_over",
    "console.severity": "severity",
    "console.not_a_failure": "not_a_failure",
    "console.ask_to_give": "reply",
    "console.decide": "approval",
}
"""Where on the page the words of a refused form belong."""

GIFT_FIELDS = ("gesture", "gesture_amount", "gesture_currency", "gesture_reason")
Act = Callable[[Case, User], Any]


def _found(number: int) -> Case:
    case = case_by_number(here().site.id, number)
    if case is None:
        raise NotFound("There is no such case.")
    return case


def _version() -> int:
    return case_form.expected_version(request.form)


def _text(name: str) -> str:
    return request.form.get(name, "")


def _do(number: int, told: str, act: Act, *, taken: Sequence[str] = ()) -> Response:
    """One command in one transaction, then back to the page; or the page again with what stood in the way.

    `taken`: the only fields of the form that were meant. The rest is still in the form then: the browser keeps it, as
    `drafts.js` says in `kept`, or else the page is the answer itself.
    """
    did = (request.endpoint or "").removeprefix("console.")
    typed = {**request.form.to_dict(), "tab": TAB_OF.get(request.endpoint or "", ""), "asks": did if taken else ""}
    try:
        with writing():
            act(_found(number), actor())
    except (Conflict, Invalid) as refusal:
        return make_response(page(number, form=typed, refusal=refusal), refusal.status)
    flash(told)
    note_taken(number, " ".join((typed["tab"], *taken)) if taken else did)
    if not taken:
        return _back(number)
    if _text("kept"):
        there = url_for("console.case", number=number, tab=typed["tab"], _anchor="composer", **_view())
        return make_response(redirect(there, 303))
    left = {name: value for name, value in typed.items() if name not in (*taken, "token")}
    return make_response(page(number, form=left))


def _back(number: int) -> Response:
    return make_response(redirect(url_for("console.case", number=number, **_view()), 303))


def _view() -> dict[str, Any]:
    return wanted_by(request.args).address() if request.args else {}


# Whose it is ----------------------------------------------------------------------------------------------------------


@command("/cases/<case:number>/claim", "case.work")
def claim(number: int) -> Response:
    """From a row of the queue, by htmx or by form, or from the case's page."""
    if _text("from") != "queue":
        return _do(number, "It is yours.", lambda case, me: desk.claim(case, me, expected_version=_version()))
    refused = None
    try:
        with writing():
            desk.claim(_found(number), actor(), expected_version=_version())
    except Conflict as conflict:
        refused = conflict
    told = refused.detail if refused else f"Claimed. {open_cases(here().site.id):,} open."
    if request.headers.get("HX-Request"):
        return _row(number, told)
    flash(told, "warning" if refused else "message")
    return make_response(redirect(url_for("console.queue", **wanted_by(request.form).address()), 303))


def _row(number: int, told: str) -> Response:
    now = now_ms()
    row = queue_reading.row_of(_found(number), now=now, zone=zone())
    counts = queue_counts.counts(here().site.id, g.user_id, now)
    wanted = wanted_by(request.form)
    return make_response(
        render_template("console/queue_claimed.html", row=row, wanted=wanted, told=told, counts=counts)
    )


@command("/queue/claim", "case.work")
def claim_several() -> Response:
    """All chosen rows that are nobody's: each that nobody took meanwhile. Others can be chosen, for an incident."""
    taken, lost, owned = 0, list[int](), list[int]()
    for number, version in chosen():
        try:
            with writing():
                case = _found(number)
                if case.owner_id is None:
                    desk.claim(case, actor(), expected_version=version)
                    taken += 1
                elif case.owner_id != g.user_id:
                    owned.append(number)
        except (Conflict, NotFound):
            lost.append(number)
    if taken:
        flash(f"Claimed {plural(taken, 'case')}. {open_cases(here().site.id):,} open.")
    if lost:
        flash(_stayed(lost), "warning")
    if owned:
        are = "is" if len(owned) == 1 else "are"
        flash(f"{named(owned).capitalize()} {are} taken already. Take over at the case what somebody has.", "warning")
    return make_response(redirect(url_for("console.queue", **wanted_by(request.form).address()), 303))


def _stayed(numbers: list[int]) -> str:
    stayed = "stayed as it is" if len(numbers) == 1 else "stayed as they are"
    return f"{named(numbers).capitalize()} changed meanwhile and {stayed}."


def chosen() -> list[tuple[int, int]]:
    pairs = (value.split(":") for value in request.form.getlist("case")[:200])
    return [
        (int(pair[0]), int(pair[1]))
        for pair in pairs
        if len(pair) == 2 and all(part.isascii() and part.isdigit() and len(part) < 10 for part in pair)
    ]


@command("/cases/<case:number>/hand-over", "case.work")
def hand_over(number: int) -> Response:
    def act(case: Case, me: User) -> None:
        kind, _, key = _text("to").partition(":")
        desk.hand_over(
            case,
            me,
            expected_version=_version(),
            owner=_colleague(key) if kind == "person" else None,
            team=_team(key) if kind == "team" else None,
            note=_text("note"),
        )

    return _do(number, "Handed over, with your note.", act)


def _colleague(key: str) -> User | None:
    """Somebody who works cases at this site."""
    return db.session.scalar(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            User.public_id == key,
            User.active,
            Membership.site_id == here().site.id,
            Membership.role.in_(("admin", "support")),
        )
    )


def _team(key: str) -> Team | None:
    return db.session.scalar(select(Team).where(Team.site_id == here().site.id, Team.key == key))


# What is said ---------------------------------------------------------------------------------------------------------


@command("/cases/<case:number>/reply", "case.work")
def reply(number: int) -> Response:
    then: Then = {"wait": "wait", "resolve": "resolve"}.get(_text("then"), "send")  # type: ignore[assignment]

    def act(case: Case, me: User) -> None:
        kept, moved = case_form.turned_promises(request.form, zone())
        desk.reply(
            case,
            me,
            expected_version=_version(),
            body=_text("body"),
            token=_text("token"),
            apology="apology" in request.form,
            promise=_promise(),
            kept=kept,
            moved=moved,
            gesture=_gift(),
            then=then,
        )

    def within_budget(case: Case, me: User) -> None:
        try:
            act(case, me)
        except BeyondBudget as beyond:
            raise case_form.wrong("gesture_amount", f"{beyond.detail} Ask for it below.") from None

    told = {"send": "Sent.", "wait": "Sent. It is the customer’s turn now.", "resolve": "Sent, and marked resolved."}
    return _do(number, told[then], within_budget)


@command("/cases/<case:number>/ask-to-give", "case.work")
def ask_to_give(number: int) -> Response:
    """The gesture of the composer, for somebody who may say yes. The reply's other words stay where they are."""

    def act(case: Case, me: User) -> None:
        gift = _gift()
        if gift is None:
            raise case_form.wrong("gesture", "Say what they are to get: an upgrade, a voucher, shipping waived.")
        version, token, reason = _version(), _text("token"), _text("gesture_reason")
        desk.ask_to_give(case, me, gift, expected_version=version, token=token, reason=reason)

    return _do(number, "Asked. An admin decides; you can answer meanwhile.", act, taken=GIFT_FIELDS)


@command("/cases/<case:number>/approvals/<approval_id>", "gesture.approve")
def decide(number: int, approval_id: str) -> Response:
    """Yes or no to what somebody asked to give."""
    approve = _text("decision") == "approve"

    def act(case: Case, me: User) -> None:
        try:
            desk.decide(case, me, approval_id[:36], approve=approve, answer=_text("answer"))
        except Invalid as missing:
            raise case_form.wrong("answer", missing.detail) from None

    return _do(number, "Approved." if approve else "Declined.", act)


def _promise() -> Promise | None:
    text = _text("promise").strip()
    if not text and not _text("promise_day"):
        return None
    if not text:
        raise case_form.wrong("promise", "Say what is promised, in a few words.")
    return Promise(text, case_form.moment_of(_text("promise_day"), _text("promise_time"), zone()))


def _gift() -> Gift | None:
    what = _text("gesture").strip()
    if not what and not _text("gesture_amount").strip():
        return None
    if not what:
        raise case_form.wrong("gesture", "Say what it is: an upgrade, a voucher, shipping waived.")
    currency = _text("gesture_currency")
    return Gift(what, case_form.minor_units(_text("gesture_amount") or "0", currency), currency)


@command("/cases/<case:number>/note", "case.work")
def note(number: int) -> Response:
    return _do(number, "Noted.", lambda case, me: desk.note(case, me, body=_text("body"), token=_text("token")))


@command("/cases/<case:number>/understand", "case.work")
def understand(number: int) -> Response:
    preventable = {"yes": True, "no": False}.get(_text("preventable"))
    return _do(
        number,
        "Noted what happened.",
        lambda case, me: desk.understand(
            case, me, expected_version=_version(), body=_text("body"), preventable=preventable
        ),
    )


# How it ends ----------------------------------------------------------------------------------------------------------


@command("/cases/<case:number>/resolve", "case.work")
def resolve(number: int) -> Response:
    return _do(
        number,
        "Marked resolved.",
        lambda case, me: desk.resolve(
            case, me, expected_version=_version(), cause=_text("cause"), remedy=_text("remedy")
        ),
    )


@command("/cases/<case:number>/close", "case.work")
def close(number: int) -> Response:
    return _do(
        number,
        "Closed, with cause and remedy.",
        lambda case, me: desk.document_and_close(
            case, me, expected_version=_version(), cause=_text("cause"), remedy=_text("remedy")
        ),
    )


@command("/cases/<case:number>/severity", "case.work")
def severity(number: int) -> Response:
    given = _text("severity")
    level = int(given) if given in ("1", "2", "3", "4") else 0
    return _do(
        number,
        "Severity changed.",
        lambda case, me: desk.change_severity(
            case, me, expected_version=_version(), severity=level, reason=_text("reason")
        ),
    )


@command("/cases/<case:number>/not-a-failure", "case.work")
def not_a_failure(number: int) -> Response:
    return _do(
        number,
        "Closed as not a failure.",
        lambda case, me: desk.not_a_failure(case, me, expected_version=_version(), reason=_text("reason")),
    )


# Who it is ------------------------------------------------------------------------------------------------------------


@command("/cases/<case:number>/contacts/<contact_id>/show", "contact.reveal")
def show_contact(number: int, contact_id: str) -> Response:
    """The words behind a seal, once, on this page; written down first."""
    with writing():
        case = _found(number)
        contact = _contact_of(case, contact_id)
        plain, row_id = reveal(contact), contact.id
        audit(
            "contact_shown",
            user=actor(),
            site_id=case.site_id,
            subject=f"case {number}",
            contact=contact.public_id,
            kind=contact.kind,
        )
    return make_response(page(number, shown={row_id: plain}))


def _contact_of(case: Case, contact_id: str) -> Contact:
    found = db.session.scalar(
        select(Contact)
        .join(CaseResponse, CaseResponse.response_id == Contact.response_id)
        .where(CaseResponse.case_id == case.id, Contact.public_id == contact_id[:36])
    )
    if found is None or g.place.site.id != found.site_id:
        raise NotFound("There is no such contact.")
    return found
