"""The page of one case: the complaint, and the step to take now."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import g, render_template, request, session

from widget_server.clock import now_ms
from widget_server.config import settings
from widget_server.console import case_form, queue_reading
from widget_server.console.case_reading import CaseRead, read_case
from widget_server.console.case_replies import replies_for, words_of
from widget_server.console.case_thread import page_of
from widget_server.console.frame import allowed, here, screen
from widget_server.console.incident_reading import at_case
from widget_server.console.queue import wanted_by
from widget_server.console.rendering import zone
from widget_server.console.stranded import stranded
from widget_server.errors import Conflict, NotFound, Refusal
from widget_server.recovery.budgets import Budget
from widget_server.recovery.lifecycle import STEPS
from widget_server.recovery.models import Case
from widget_server.recovery.queries import budget_of, last_currency
from widget_server.sites.models import Site

GUIDANCE = {
    "acknowledge": (
        "Say sorry once, and that it is yours",
        "Their words first, no excuses. Say when they hear from you next, and keep that.",
    ),
    "understand": (
        "Find out what happened",
        "Ask what is missing, look it up, and note it, so that nobody has to ask twice.",
    ),
    "resolve": ("Put it right, then a little more", "Give what is fair, and something they did not expect."),
    "follow_up": ("Ask whether it held", "A case is not done before the customer says so."),
    "document": ("Write down what went wrong", "Cause and remedy, so that it need not happen again."),
    None: ("Closed", "A word from the customer opens it again."),
}


@screen("/cases/<case:number>", "case.read")
def case(number: int) -> str:
    return page(number)


def page(
    number: int,
    *,
    form: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
    shown: Mapping[int, str] | None = None,
) -> str:
    """The page; after a refusal with what was typed still in it, and what changed meanwhile.

    Args:
        form: what was sent and not taken.
        refusal: why.
        shown: contacts that were just shown, by id.
    """
    now, site = now_ms(), here().site
    read = read_case(site, number, now, persons=allowed("person.read"), reader=g.user_id)
    if read is None:
        raise NotFound("There is no such case.")
    wanted, tabs = wanted_by(request.args), tabs_of(read)
    answering = allowed("case.work") and "reply" in tabs
    return render_template(
        "console/case.html",
        read=read,
        case=read.case,
        steps=STEPS,
        guidance=GUIDANCE[read.step],
        tab=_tab(read, form),
        tabs=tabs,
        form=form or {},
        replies=replies_for(read.case, read.topics, read.first.words, read.name) if answering else None,
        used=_used(read.case) if answering and form is None else "",
        wrong={fault.pointer.lstrip("/"): fault.detail for fault in refusal.faults} if refusal else {},
        refusal=refusal,
        stranded=stranded(form or {}, tabs, read.state, now),
        theirs=theirs(refusal, read),
        token=(form or {}).get("token") or secrets.token_urlsafe(16),
        shown=shown or {},
        wanted=wanted,
        way=neighbours(read.case, now) if "view" in request.args or wanted.filtered else None,
        currencies=case_form.CURRENCIES,
        currency=read.budget.currency if read.budget else last_currency(site.id) or case_form.CURRENCIES[0],
        has_smtp=settings().smtp is not None,
        page_of=page_of,
        plain_amount=case_form.plain_amount,
        asker_budget=_asker_budget(read, site, now),
        taken=_taken(number),
        **at_case(read.case),
    )


def _used(case: Case) -> str:
    """The reply that the address names, for who works without script: the composer begins with it."""
    named = request.args.get("use", "")
    words = words_of(case, named) if named else ""
    if words is None:
        raise NotFound("There is no such reply any more.")
    return words


def _asker_budget(read: CaseRead, site: Site, now: int) -> Budget | None:
    """What is left to whoever asks to give more, for whoever decides."""
    asked = read.undecided.approval if read.undecided and allowed("gesture.approve") else None
    return budget_of(asked.user_id, site, now) if asked and asked.user_id else None


def note_taken(number: int, form: str) -> None:
    """Remember for the page that comes next which of its forms was taken: that draft is done with, the others are not.

    Names after the form's are those of the fields that were taken alone.
    """
    session["taken"] = [here().site.id, number, form]


def _taken(number: int) -> str:
    site_id, of, form = session.get("taken", (0, 0, ""))
    if (site_id, of) != (here().site.id, number):
        return ""
    del session["taken"]
    return str(form)


def tabs_of(read: CaseRead) -> list[str]:
    """The parts of the composer that can be used now, the one of this step first."""
    can = read.allowed
    tabs = {
        "reply": "reply" in can,
        "found": "understand" in can and read.case.understood_at is None,
        "resolve": "resolve" in can and not read.state.reachable,
        "close": "close" in can,
        "note": "note" in can,
    }
    first = {"understand": "found", "document": "close", "follow_up": "close"}.get(read.step or "", "reply")
    if read.step == "resolve" and not read.state.reachable:
        first = "resolve"
    usable = [tab for tab in tabs if tabs[tab]]
    return sorted(usable, key=lambda tab: tab != first)


def _tab(read: CaseRead, form: Mapping[str, str] | None) -> str:
    tabs = tabs_of(read)
    asked = (form or request.args).get("tab", "")
    return asked if asked in tabs else tabs[0]


def theirs(refusal: Refusal | None, read: CaseRead) -> list[dict[str, Any]]:
    """What others did since the page was made, with their words where they wrote some."""
    changes = getattr(refusal, "theirs", None) if isinstance(refusal, Conflict) else None
    if not isinstance(changes, list):
        return []
    words = {entry.id: entry for entry in read.entries if entry.id}
    return [{"change": change, "entry": words.get(f"m-{change.data.get('message')}")} for change in changes]


def neighbours(case: Case, now: int) -> dict[str, int | None]:
    """Where the case stands in the view that it was opened from: its place, how many, the one before and after."""
    wanted = wanted_by(request.args)
    numbers = queue_reading.numbers(here().site.id, wanted, user_id=g.user_id, now=now, zone=zone())
    at = numbers.index(case.number) if case.number in numbers else None
    if at is None:
        return {"at": None, "of": len(numbers), "previous": None, "next": numbers[0] if numbers else None}
    return {
        "at": at + 1,
        "of": len(numbers),
        "previous": numbers[at - 1] if at else None,
        "next": numbers[at + 1] if at + 1 < len(numbers) else None,
    }
