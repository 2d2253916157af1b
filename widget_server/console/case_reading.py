"""Everything that the page of one case shows, read once and in order: words, steps, thread, facts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select

from widget_server.accounts.models import User
from widget_server.accounts.queries import Colleague, colleagues
from widget_server.console import times
from widget_server.console.callers import receipt_of
from widget_server.console.case_thread import Entry, thread
from widget_server.console.queue_reading import case_state
from widget_server.database import db
from widget_server.followup.models import FollowUp
from widget_server.followup.queries import followups_of
from widget_server.people.models import Contact, PersonKey
from widget_server.people.queries import contact_name, contacts_of
from widget_server.recovery import advice, lifecycle, queries
from widget_server.recovery.budgets import Budget
from widget_server.recovery.history import changes
from widget_server.recovery.lifecycle import Action, CaseState, Stage
from widget_server.recovery.models import Case, CaseResponse, Gesture, PromiseRow
from widget_server.recovery.queries import AskedRow
from widget_server.responses.models import Response, TextAnswer
from widget_server.routing.models import DecisionRow
from widget_server.routing.queries import rulebook
from widget_server.routing.rules import waiting_points
from widget_server.scoring.models import AssessmentRow
from widget_server.sites.models import Site, Team

TO_DO = {
    "acknowledge": "to answer",
    "understand": "to resolve",
    "resolve": "to resolve",
    "follow_up": "to follow up",
    "document": "to document",
}


@dataclass(frozen=True)
class Told:
    """One response of the case, with what was written and made of it."""

    response: Response
    texts: list[TextAnswer]
    assessment: AssessmentRow | None
    decision: DecisionRow | None

    @property
    def words(self) -> str:
        """The longest text: the complaint."""
        return max((text.text for text in self.texts), key=len, default="")

    @property
    def language(self) -> str | None:
        return (self.assessment.language if self.assessment else None) or self.response.language


@dataclass(frozen=True)
class CaseRead:
    case: Case
    state: CaseState
    stages: tuple[Stage, ...]
    step: str | None
    allowed: frozenset[Action]
    first: Told
    others: list[Told]
    entries: list[Entry]
    name: str | None
    contacts: list[Contact]
    promises: list[PromiseRow]
    gestures: list[Gesture]
    approvals: list[AskedRow]
    budget: Budget | None
    followups: list[FollowUp]
    earlier: list[Case]
    owner: User | None
    team: Team | None
    people: list[Colleague]
    teams: list[Team]
    receipt: str | None
    apology_warning: str | None
    authority_warning: str | None

    @property
    def called(self) -> str:
        """What we call them in a label."""
        return self.name.split()[0] if self.name else "the customer"

    @property
    def topics(self) -> list[str]:
        """What it is about, as its messages were read last: of the one that opened it first."""
        assessed = (one.assessment for one in (self.first, *self.others))
        return list(dict.fromkeys(topic for made in assessed if made for topic in made.topics))

    @property
    def owed(self) -> str:
        """What the due time is for, put behind it: 'Tue 17:00 to resolve'."""
        if self.case.due is not None and self.case.due == self.state.promise_due:
            return "as promised"
        if self.case.unread_since is not None and self.case.state == "resolved":
            return "to read their message"
        return TO_DO.get(self.step or "", "")

    @property
    def open_promises(self) -> list[PromiseRow]:
        """Those that the customer still counts on, the earliest first."""
        return sorted((row for row in self.promises if row.state == "open"), key=lambda row: row.due)

    @property
    def undecided(self) -> AskedRow | None:
        """What somebody asks to give, while the case is open."""
        found = [row for row in self.approvals if row.approval.state == "asked"]
        return found[-1] if found and self.case.state != "closed" else None

    @property
    def approved(self) -> AskedRow | None:
        """What may be given with the next reply, beyond anybody's budget."""
        given = (row for row in self.approvals if row.approval.state == "approved" and row.approval.gesture_id is None)
        return next(given, None)

    @property
    def apologised(self) -> bool:
        return self.apology_warning is not None

    @property
    def waited_points(self) -> int:
        end = self.case.closed_at or self.case.resolved_at
        return 0 if end else waiting_points(self.case.opened_at, self._now, rulebook().waiting)

    _now: int = 0


def read_case(site: Site, number: int, now: int, *, persons: bool, reader: int) -> CaseRead | None:
    """The case, or None. `persons`: whether names and ways to reach somebody may be seen. `reader`: who looks, by id."""
    case = queries.case_by_number(site.id, number)
    if case is None:
        return None
    told = [_told(response) for response in queries.responses_of(case.id)]
    first = next((one for one in told if one.response.id == case.first_response_id), None) or _first_told(case)
    promises, gestures = queries.promises_of(case.id), queries.gestures_of(case.id)
    said, approvals = queries.messages_of(case.id), queries.approvals_of(case.id)
    state = case_state(case, min((row.due for row in promises if row.state == "open"), default=None))
    contacts = [contact for one in told for contact in contacts_of(one.response.id)] if persons else []
    name = next(filter(None, (contact_name(one.response.id) for one in told)), None) if persons else None
    return CaseRead(
        case=case,
        state=state,
        stages=lifecycle.path(state),
        step=lifecycle.next_step(state),
        allowed=lifecycle.allowed(state, now),
        first=first,
        others=[one for one in told if one is not first],
        entries=thread(
            told,
            said,
            changes(case),
            gestures,
            approvals,
            promises,
            customer=name or "The customer",
            language=case.language,
            when=partial(times.moment, now=now, zone=times.zone_of(site.zone)),
        ),
        name=name,
        contacts=[contact for contact in contacts if contact.kind != "name"],
        promises=promises,
        gestures=gestures,
        approvals=approvals,
        budget=queries.budget_of(reader, site, now),
        followups=followups_of(case.id),
        earlier=_earlier(case),
        owner=db.session.get(User, case.owner_id) if case.owner_id else None,
        team=db.session.get(Team, case.team_id) if case.team_id else None,
        people=[one for one in colleagues(site.id) if one.active and one.role in ("admin", "support")],
        teams=list(db.session.scalars(select(Team).where(Team.site_id == site.id).order_by(Team.name))),
        receipt=receipt_of(case.first_response_id),
        apology_warning=advice.apology_warning((row.message for row in said), now, site.zone),
        authority_warning=advice.authority_warning(
            failures=case.failures, severity=case.severity, preventable=case.preventable
        ),
        _now=now,
    )


def _first_told(case: Case) -> Told:
    """The response that opened it, should its link be gone."""
    response = db.session.get(Response, case.first_response_id)
    assert response is not None, "a case goes with the response that opened it"
    return _told(response)


def _told(response: Response) -> Told:
    texts = select(TextAnswer).where(TextAnswer.response_id == response.id).order_by(TextAnswer.question)
    return Told(
        response, list(db.session.scalars(texts)), _newest(AssessmentRow, response.id), _newest(DecisionRow, response.id)
    )


def _newest(model: Any, response_id: int) -> Any:
    found = select(model).where(model.response_id == response_id).order_by(model.revision.desc(), model.id.desc())
    return db.session.scalar(found.limit(1))


def _earlier(case: Case) -> list[Case]:
    """Other cases of the same person, newest first."""
    ours = (
        select(PersonKey.hmac)
        .join(CaseResponse, CaseResponse.response_id == PersonKey.response_id)
        .where(CaseResponse.case_id == case.id)
    )
    theirs = (
        select(CaseResponse.case_id)
        .join(PersonKey, PersonKey.response_id == CaseResponse.response_id)
        .where(PersonKey.site_id == case.site_id, PersonKey.hmac.in_(ours))
    )
    found = select(Case).where(Case.id.in_(theirs), Case.id != case.id, Case.opened_at <= case.opened_at)
    return list(db.session.scalars(found.order_by(Case.opened_at.desc()).limit(10)))
