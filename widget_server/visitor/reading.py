"""Reads what a customer's page shows, and nothing of anybody else's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import select

from widget_server.accounts.models import User
from widget_server.config import settings
from widget_server.database import db
from widget_server.desk.recovered import rating_left
from widget_server.people.queries import email_contact
from widget_server.recovery import queries
from widget_server.recovery.addressing import reference
from widget_server.recovery.amounts import gesture_words
from widget_server.recovery.dates import before, clock_time, local, nearness, said
from widget_server.recovery.letters import letters
from widget_server.recovery.models import Case, CaseMessage, Gesture, PromiseRow
from widget_server.responses.models import Response, ResponseId
from widget_server.responses.queries import texts_of_all
from widget_server.responses.receipts import receipt_number
from widget_server.scoring.models import AssessmentRow
from widget_server.sites.models import Site
from widget_server.surveys.questions.scale import spoken_labels
from widget_server.surveys.texts import spoken
from widget_server.visitor import saying
from widget_server.visitor.saying import Mark, Standing, Times, messages, say

HTML_CODES = {"no": "nb"}


@dataclass(frozen=True)
class Said:
    """One entry of the thread, newest first. `who` is None for the customer."""

    at: int
    when: str
    iso: str
    who: str | None
    words: str
    language: str | None
    beside: list[Markup]


@dataclass(frozen=True)
class Step:
    label: str
    status: str
    when: str | Markup | None


@dataclass(frozen=True)
class Rating:
    """How satisfied they are after it, asked once: the site's own question, its numbers, and words for the two ends."""

    text: str
    numbers: tuple[int, ...]
    ends: tuple[str, ...]
    language: str | None  # where the site's survey doesn't speak the page's


@dataclass(frozen=True)
class Page:
    case: Case | None
    reference: str | None
    receipt: str | None
    headline: Markup
    moved: Markup | None
    steps: list[Step]
    asks: str | None
    rating: Rating | None
    who: str | None
    thread: list[Said]
    unshared: bool  # answers are in the case, and not for this receipt
    mailable: bool
    erased: bool

    @property
    def said_by_them(self) -> int:
        """How often they wrote."""
        return sum(one.who is None for one in self.thread)


@dataclass(frozen=True)
class Speech:
    """The language, zone and moment that the page speaks in."""

    language: str
    zone: str
    now: int

    @property
    def t(self) -> dict[str, Any]:
        return messages()[self.language]

    def said(self, at: int) -> str:
        return said(letters(self.language), at, self.now, self.zone)

    def before(self, at: int) -> str:
        return before(letters(self.language), at, self.now, self.zone)

    def short(self, at: int) -> str:
        return clock_time(at, self.zone) if nearness(at, self.now, self.zone) == "today" else self.said(at)


def read_page(response: Response, site: Site, language: str, now: int) -> Page:
    speech = Speech(language, site.zone, now)
    case = queries.case_of_response(response.id)
    erased = "erased" in response.context
    mails = settings().smtp is not None  # where there is none, a mail would be promised that never comes
    mailable = mails and not erased and email_contact(response.id) is not None
    if case is None:
        standing = Standing(erased=erased)
        times = Times(response.received_at)
        thread = [] if erased else _own_words([response], speech)
        return _page(
            response, None, None, standing, times, thread, None, speech,
            shared=False, unshared=False, mailable=mailable,
        )  # fmt: skip
    shared = queries.shares_thread(case, response.id)
    promises = queries.promises_of(case.id)
    still_open = [one for one in promises if one.state == "open"] if shared else []
    promise = min(still_open, key=lambda one: one.due, default=None)  # what they hear of next
    owner = db.session.get(User, case.owner_id) if case.owner_id else None
    standing = Standing(
        state=case.state,
        closed_as=case.closed_as,
        who=_first_name(owner),
        promise_due=promise.due if promise else None,
        aim=case.acknowledge_due if shared and case.acknowledged_at is None else None,
        reopened=case.reopened,
        followed_up=case.followed_up_at is not None,
        by_mail=case.reach == "email" and mailable,
        erased=erased,
        answered_since_reopened=case.unread_since is None,
    )
    times = Times(
        response.received_at, queries.read_at(case.id), case.resolved_at, case.ask_at, case.followed_up_at
    )
    thread = [] if erased else _thread(case, response, site, promises, speech, shared=shared)
    return _page(
        response, case, reference(site, case.number), standing, times, thread, promise, speech,
        shared=shared, unshared=not shared and mailable, mailable=mailable,
    )  # fmt: skip


def _page(
    response: Response,
    case: Case | None,
    number: str | None,
    standing: Standing,
    times: Times,
    thread: list[Said],
    promise: PromiseRow | None,
    speech: Speech,
    *,
    shared: bool,
    unshared: bool,
    mailable: bool,
) -> Page:
    t, due = speech.t, standing.promise_due or standing.aim
    key = saying.headline(standing, speech.now)
    moved = None
    if promise is not None and promise.moved_from is not None:
        old = Markup("<s>{}</s>").format(speech.before(promise.moved_from))
        moved = say(t["moved"], old=old, new=speech.before(promise.due))
    return Page(
        case=case,
        reference=number,
        receipt=_receipt_number(response),
        headline=say(t["head"][key], who=standing.who or t["we"], before=speech.before(due) if due else ""),
        moved=moved,
        steps=[_step(mark, speech) for mark in saying.steps(standing, times, speech.now)],
        asks=saying.asks(
            standing, fair_said=case is not None and case.fair_solution is not None, shared=shared
        ),
        rating=_rating(case, speech) if case is not None and shared and not standing.erased else None,
        who=standing.who,
        thread=thread,
        unshared=unshared,
        mailable=mailable,
        erased=standing.erased,
    )


def _rating(case: Case, speech: Speech) -> Rating | None:
    left = rating_left(case)
    if left is None:
        return None
    question, _ = left
    language = speech.language if speech.language in question.text else next(iter(question.text))
    ends = spoken_labels(question, language)
    other = None if language == speech.language else HTML_CODES.get(language, language)
    return Rating(spoken(question.text, language), question.scale, (ends[0], ends[-1]) if len(ends) > 1 else (), other)


def _receipt_number(response: Response) -> str | None:
    ids = select(ResponseId.client_id).where(ResponseId.response_id == response.id)
    given = db.session.scalar(ids.order_by(ResponseId.client_id))
    return receipt_number(given) if given else None


def _step(mark: Mark, speech: Speech) -> Step:
    words = speech.t["step"]
    if mark.word is None:
        when: str | Markup | None = speech.said(mark.at) if mark.at else None
    else:
        at = mark.at
        when = say(
            words[mark.word], before=speech.before(at) if at else "", when=speech.said(at) if at else ""
        )
    return Step(words[mark.label], mark.status, when)


def _thread(
    case: Case, response: Response, site: Site, promises: list[PromiseRow], speech: Speech, *, shared: bool
) -> list[Said]:
    """What this receipt may read: its own words, and the answers where it shares the case's thread."""
    linked = queries.responses_of(case.id)
    visible = queries.sharing_thread(case, [one.id for one in linked]) if shared else {response.id}
    own = [one for one in linked if one.id in visible and "erased" not in one.context]
    entries = _own_words(own, speech)
    gestures = {one.token: one for one in queries.gestures_of(case.id)}
    for row in queries.messages_of(case.id, newest_first=False):
        message = row.message
        if message.kind == "customer" and message.response_id in visible and message.body:
            entries.append(_entry(speech, message.at, None, message.body, None, []))
        if message.kind == "reply" and shared and message.body:
            who = f"{row.author.split()[0]}, {site.name}" if row.author else site.name
            beside = _beside(message, gestures, promises, speech)
            entries.append(
                _entry(
                    speech,
                    message.at,
                    who,
                    message.body,
                    HTML_CODES.get(case.language, case.language),
                    beside,
                )
            )
    return sorted(entries, key=lambda one: one.at)[::-1]


def _beside(
    message: CaseMessage, gestures: dict[str, Gesture], promises: list[PromiseRow], speech: Speech
) -> list[Markup]:
    """What came along with a reply, as it was sent."""
    words, lines = speech.t["said"], []
    gesture = gestures.get(message.token or "")
    if gesture is not None:
        given = gesture_words(gesture.description, gesture.amount, gesture.currency, speech.language)
        lines.append(say(words["gesture"], gesture=given))
    for promise in promises:
        if promise.made_at == message.at and promise.user_id == message.author_id:
            when = Markup("<s>{}</s>") if promise.state == "moved" else Markup("{}")
            lines.append(
                say(words["promise"], promise=promise.text, before=when.format(speech.before(promise.due)))
            )
    return lines


def _own_words(responses: list[Response], speech: Speech) -> list[Said]:
    """What they wrote, in the language that it was found to be in; a fixed number of questions to the database."""
    ids = [response.id for response in responses]
    texts = texts_of_all(ids)
    assessed = (
        select(AssessmentRow.response_id, AssessmentRow.language)
        .where(AssessmentRow.response_id.in_(ids), AssessmentRow.language.is_not(None))
        .order_by(AssessmentRow.id)
    )
    found = {row.response_id: row.language for row in db.session.execute(assessed)}
    entries = []
    for response in responses:
        words = "\n\n".join(texts.get(response.id, {}).values())
        language = found.get(response.id) or response.language
        spoken = HTML_CODES.get(language, language) if words else None
        entries.append(_entry(speech, response.received_at, None, words, spoken, []))
    return entries


def _entry(
    speech: Speech, at: int, who: str | None, words: str, language: str | None, beside: list[Markup]
) -> Said:
    iso = local(at, speech.zone).isoformat(timespec="minutes")
    return Said(at, speech.short(at), iso, who, words, language, beside)


def _first_name(user: User | None) -> str | None:
    return user.name.split()[0] if user is not None and user.name.strip() else None
