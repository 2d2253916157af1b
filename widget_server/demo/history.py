"""The demo's two weeks, lived through with the clock in hand: visitors by the real intake, the real worker behind it,
staff by the desk's own commands. Nothing is written past them.
"""

from __future__ import annotations

import heapq
import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from widget_server import clock, desk, processing, worker
from widget_server.accounts.models import User
from widget_server.accounts.queries import colleagues
from widget_server.clock import DAY, HOUR, MINUTE, now_ms
from widget_server.config import settings
from widget_server.database import db, writing, writing_connection
from widget_server.demo import staff, visits
from widget_server.demo.site import sign
from widget_server.demo.visits import Visit
from widget_server.demo.voices import Theme, Voice, themes
from widget_server.desk import incidents
from widget_server.errors import Refusal
from widget_server.followup import operations as followup
from widget_server.intake.displays import note_displays
from widget_server.intake.receive import receive
from widget_server.intake.schemas import DisplayEvent
from widget_server.recovery.models import Case
from widget_server.recovery.queries import OPEN, case_of_response, open_promises_of
from widget_server.responses.models import Response
from widget_server.responses.queries import response_by_client_id
from widget_server.sites.models import Site
from widget_server.sites.queries import identity_secrets, site_by_key, teams_of
from widget_server.surveys.queries import live_surveys

SEED = 214
NOTED = "Looked at the trail and the log: it is as they say. No fault of theirs."


def make(app: Flask, site_key: str) -> None:
    """Live through the two weeks before now. Needs an application context."""
    with _no_mail(app):
        History(app, site_key).live()


class History:
    """A queue of what happens when; each event runs at its own time, and may bring later ones."""

    def __init__(self, app: Flask, site_key: str) -> None:
        site = site_by_key(site_key)
        assert site is not None
        self.app, self.now, self.chance = app, now_ms(), random.Random(SEED)  # noqa: S311 — a story, no secret
        self.site_id, self.site_key = site.id, site.key
        self.desk = Desk(site)
        self.versions = {survey.key: (survey.version, survey.wave) for survey in live_surveys(site.id)}
        self.secret = identity_secrets(site.id)[0]
        self.events: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self.order = count()

    def live(self) -> None:
        coming = visits.visits(self.now, self.chance)
        self.show(coming)
        for visit in coming:
            self.plan(visit.at, self.visit, visit)
        while self.events:
            at, _, act, given = heapq.heappop(self.events)
            with clock.travel(at):
                act(*given)
            db.session.remove()
        self.desk.gather(self.now)
        worker.run_once(self.app)

    def plan(self, at: int, act: Callable[..., None], *given: Any) -> None:
        if at < self.now:
            heapq.heappush(self.events, (at, next(self.order), act, given))

    def show(self, coming: Sequence[Visit]) -> None:
        """Each answered survey was shown first, and so were some that were closed without an answer."""
        with writing_connection(db.engine) as connection:
            for visit in coming:
                version, _ = self.versions[visit.survey]
                passed_by = [str(uuid4()) for _ in range(visits.PASSED_BY.get(visit.survey, 0))]
                shown = [DisplayEvent(name, visit.survey, version, "shown") for name in (visit.id, *passed_by)]
                ended = [DisplayEvent(name, visit.survey, version, "closed") for name in passed_by]
                ended.append(DisplayEvent(visit.id, visit.survey, version, "started"))
                note_displays(connection, self.site_id, [*shown, *ended], visit.at - visits.FILLING_IN)

    def visit(self, visit: Visit) -> None:
        """A visitor sends; half a second later the worker has looked at it; if a case opened, staff come to it."""
        body = json.dumps(self.body(visit)).encode()
        receive(self.app, self.site_key, body, origin=settings().base_url, address=None)
        db.session.rollback()  # what was read on the way in must not hide what was written
        if visit.voice is None and visit.answers.get("mood", 1) > 2:
            return  # nothing will come of it at once: the worker's next look takes it along
        with clock.travel(now_ms() + 500):
            processing.process_due()
        response = response_by_client_id(self.site_id, visit.id)
        case = case_of_response(response.id) if response else None
        voice = visit.voice
        if case is not None and case.first_response_id == response.id:  # type: ignore[union-attr]
            self.recover(case, voice)
        elif voice is not None and voice.mood >= 4 and self.chance.random() < 0.3:
            self.plan(now_ms() + 5 * HOUR, self.desk.archive, visit.id)

    def recover(self, case: Case, voice: Voice | None) -> None:
        theme = voice.about if voice and voice.about else "website"
        fresh = voice is not None and voice.ago is not None
        steps = staff.plan(case.opened_at, theme, voice.hands if voice else None, fresh, self.chance)
        for step in steps:
            self.plan(step.at, self.desk.do, step.what, case.id, theme)

    def body(self, visit: Visit) -> dict[str, Any]:
        version, wave = self.versions[visit.survey]
        context: dict[str, Any] = {
            "url": f"{settings().base_url}/demo/{'' if visit.page == 'search' else visit.page}",
            "title": "Tern Air",
            "device": visit.device,
            "viewport": visit.viewport,
            "locale": visit.lang,
            "release": "3.14" if self.now - visit.at < 5 * clock.DAY else "3.13",
            "signals": dict(visit.signals),
            "trail": [{"at": 40_000, "kind": "page", "what": "/demo/"}, {"at": 9_000, "kind": "click", "what": visit.page}],
        }
        if visit.gold:
            facts = {"tier": "gold", "value": 418000}
            context |= {"facts": facts, "sig": sign(self.secret, "facts", facts)}
        return {
            "p": 1,
            "build": "demo",
            "id": visit.id,
            "secret": visit.secret,
            "seq": 1,
            "finished": True,
            "survey": visit.survey,
            "version": version,
            "wave": wave,
            "lang": visit.lang,
            "display": visit.id,
            "answers": dict(visit.answers),
            "at": {"started": visit.at - visits.FILLING_IN, "sent": visit.at},
            "context": context,
        }


class Desk:
    """Staff and customers of one site; each method is a step of `staff.plan`, in a transaction of its own."""

    def __init__(self, site: Site) -> None:
        roles = {person.role: person.user_id for person in colleagues(site.id)}
        self.site_id, self.agent, self.lead = site.id, roles["support"], roles["admin"]
        self.tokens = count(1)

    def do(self, what: str, case_id: int, about: str) -> None:
        """One step; what can't be done any more (the customer was first) is left."""
        with suppress(Refusal), writing():
            case = db.session.get_one(Case, case_id)
            getattr(self, f"_{what}")(case, themes().get(about, themes()["website"]))

    def archive(self, client_id: str) -> None:
        with suppress(Refusal), writing():
            response = response_by_client_id(self.site_id, client_id)
            if response is not None:
                desk.archive_response(response, self._actor(self.agent))

    def gather(self, now: int) -> None:
        """What went wrong at the payment today hit several: one incident."""
        with writing():
            site, lead = db.session.get_one(Site, self.site_id), self._actor(self.lead)
            at_payment = Response.url.contains("/pay") & (Case.opened_at > now - DAY) & Case.state.in_(OPEN)
            hit = select(Case).join(Response, Response.id == Case.first_response_id).where(Case.site_id == site.id)
            cases = db.session.scalars(hit.where(at_payment).order_by(Case.id.desc()).limit(3)).all()
            if len(cases) > 1:
                incident = incidents.open_incident(site, lead, "The payment page times out after the code")
                for case in cases:
                    incidents.add_case(incident, case, lead)

    def _actor(self, user_id: int | None) -> User:
        return db.session.get_one(User, user_id or self.agent)

    def _claim(self, case: Case, theme: Theme) -> None:
        desk.claim(case, self._actor(self.lead if case.number % 4 == 0 else self.agent), expected_version=case.version)

    def _hand_over(self, case: Case, theme: Theme) -> None:
        team = next(team for team in teams_of(self.site_id) if team.key == "website")
        note = "They wrote as well: it is about the page. Everything we know stands in the facts."
        owner = self._actor(self.lead)
        desk.hand_over(
            case, self._actor(case.owner_id), expected_version=case.version, owner=owner, team=team, note=note
        )

    def _apologise(self, case: Case, theme: Theme) -> None:
        self._reply(case, self._said(theme.sorry, case), apology=True)

    def _promise(self, case: Case, theme: Theme) -> None:
        due = now_ms() + (2 * HOUR + 40 * MINUTE)
        promise = desk.Promise("An answer about your booking", due)
        self._reply(case, self._said(theme.sorry, case), apology=True, promise=promise)

    def _understand(self, case: Case, theme: Theme) -> None:
        desk.understand(
            case, self._actor(case.owner_id), expected_version=case.version, body=f"{theme.cause} {NOTED}", preventable=True
        )

    def _resolve(self, case: Case, theme: Theme) -> None:
        gift = desk.Gift(**theme.gesture, currency="EUR") if theme.gesture else None
        said = self._said(theme.fixed, case)
        kept = [promise.id for promise in open_promises_of(case.id)]
        self._reply(case, said, gesture=gift, kept=kept, then="resolve", cause=theme.cause, remedy=theme.remedy)

    def _ask_to_give(self, case: Case, theme: Theme) -> None:
        """Beyond what an agent here may give in a month, whenever the demo is made, and whoever has the case: the lead has
        no limit, and asks nobody."""
        gift = desk.Gift("The flight refunded, and a hotel for the night", 120_000, "EUR")
        reason = "Cancelled on the day, and nobody told them."
        me, token = self._actor(self.agent), f"demo-{next(self.tokens)}"
        desk.ask_to_give(case, me, gift, expected_version=case.version, token=token, reason=reason)

    def _reply(self, case: Case, body: str, **more: Any) -> None:
        token = f"demo-{next(self.tokens)}"
        if case.reach == "none":
            desk.note(case, self._actor(case.owner_id), expected_version=case.version, body=body, token=token)
            if more.get("then") == "resolve":
                done = {"cause": more["cause"], "remedy": more["remedy"]}
                desk.resolve(case, self._actor(case.owner_id), expected_version=case.version, **done)
            return
        desk.reply(case, self._actor(case.owner_id), expected_version=case.version, body=body, token=token, **more)

    def _answer_again(self, case: Case, theme: Theme) -> None:
        self._reply(case, self._said(staff.AGAIN, case))

    def _ask(self, case: Case, theme: Theme) -> None:
        followup.ask_due(now_ms())

    def _satisfied(self, case: Case, theme: Theme) -> None:
        desk.answer_followup(case, True)
        if case.number % 4:  # some are gone before they are asked
            desk.rate_recovery(case, 3 if case.number % 7 == 0 else 4 + case.number % 2)

    def _dissatisfied(self, case: Case, theme: Theme) -> None:
        desk.answer_followup(case, False, staff.NOT_YET[case.language])
        desk.rate_recovery(case, 2)

    def _document(self, case: Case, theme: Theme) -> None:
        done = {"cause": theme.cause, "remedy": theme.remedy}
        desk.document_and_close(case, self._actor(case.owner_id), expected_version=case.version, **done)

    def _not_a_failure(self, case: Case, theme: Theme) -> None:
        reason = "A wish or a try-out, nothing that went wrong."
        desk.not_a_failure(case, self._actor(self.agent), expected_version=case.version, reason=reason)

    def _say_what_is_fair(self, case: Case, theme: Theme) -> None:
        desk.say_what_is_fair(case, staff.FAIR[case.language])

    def _write_again(self, case: Case, theme: Theme) -> None:
        desk.write_again(case, "The booking was TA-7Q4K2, two bags, paid with the same card.")

    def _said(self, words: dict[str, str], case: Case) -> str:
        name = self._actor(case.owner_id).name.split(" ")[0]
        return f"{words.get(case.language, words['en'])}\n\n{name}, Tern Air"


@contextmanager
def _no_mail(app: Flask) -> Iterator[None]:
    """People of a story get no real mail, whatever SMTP settings there are."""
    real = app.extensions["widget_settings"]
    app.extensions["widget_settings"] = replace(real, smtp=None)
    try:
        yield
    finally:
        app.extensions["widget_settings"] = real
