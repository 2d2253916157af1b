"""The site's list of help: what comes up in the panel for words that are typed and answers that are chosen. Part of the
settings."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response as Answered
from flask import flash, make_response, redirect, render_template, request, url_for

from widget_server.accounts.operations import audit
from widget_server.console.frame import actor, command, here, screen
from widget_server.console.settings import confirmation
from widget_server.database import writing
from widget_server.errors import NotFound
from widget_server.sites import help as entries
from widget_server.sites.help import Entry, entries_from, words_of
from widget_server.sites.queries import forget
from widget_server.surveys.queries import live_surveys
from widget_server.surveys.texts import spoken

CHOSEN = ("choice", "choices")
LONGEST_TYPED = 4_000


@dataclass(frozen=True)
class Topics:
    """A question and its answers, as topics with their labels."""

    question: str
    answers: dict[str, str]


@screen("/settings/help", "settings.read")
def help_list() -> Answered:
    """All entries, and a form: for a new one, or for the one that is named."""
    named = request.args.get("entry", "")[:20]
    return _page(_entry(named) if named else Entry("", here().site.language, ""))


@command("/settings/help", "settings.work")
def put_help() -> Answered:
    """A new entry, or another wording of one."""
    typed = _typed()
    wrongs = entries.faults(typed)
    if typed.language not in languages_here():
        wrongs["language"] = "Choose one of the list."
    if not typed.id and len(here().site.help or ()) >= entries.MOST_ENTRIES:
        wrongs["title"] = f"There are {entries.MOST_ENTRIES} entries already: take one away first."
    if wrongs:
        return _page(typed, wrongs, 422)
    with writing():
        site = here().site
        if typed.id:
            _entry(typed.id)  # somebody may have taken it away meanwhile
        kept = typed if typed.id else Entry(**{**vars(typed), "id": secrets.token_hex(5)})
        site.help = entries.put(site.help, kept)
        forget()
        audit("help.put", user=actor(), site_id=site.id, subject=kept.title)
    flash("Saved. Pages take it over within a minute.")
    return _back()


@screen("/settings/help/remove", "settings.work")
def removing_help() -> Answered:
    """What taking an entry away does, before it is done."""
    named = request.args.get("entry", "")[:20]
    if named not in {one.id for one in entries_from(here().site.help)}:
        return _back()
    entry = _entry(named)
    return confirmation(
        f"Take away “{entry.title}”?",
        "Visitors don’t see it any more, from a minute on.",
        button="Take it away",
        action=url_for("console.remove_help"),
        back=url_for("console.help_list"),
        entry=entry.id,
    )


@command("/settings/help/remove", "settings.work")
def remove_help() -> Answered:
    """One entry less; who asks twice finds it gone."""
    named = request.form.get("entry", "")[:20]
    with writing():
        site = here().site
        gone = [one for one in entries_from(site.help) if one.id == named]
        if gone:
            site.help = entries.without(site.help, named)
            forget()
            audit("help.removed", user=actor(), site_id=site.id, subject=gone[0].title)
    flash("Taken away." if gone else "It was gone already.")
    return _back()


def _typed() -> Entry:
    form = request.form
    known = {topic for one in _topics() for topic in one.answers}
    text = form.get("text", "").replace("\r\n", "\n").strip()
    return Entry(
        id=form.get("entry", "")[:20],
        language=form.get("language", "")[:10],
        title=form.get("title", "").strip()[: entries.LONGEST_TITLE + 1],
        text=text[: entries.LONGEST_TEXT + 1],
        url=form.get("url", "").strip()[: entries.LONGEST_ADDRESS + 1],
        words=words_of(form.get("words", "")[:LONGEST_TYPED]),
        topics=tuple(topic for topic in dict.fromkeys(form.getlist("topics")) if topic in known),
    )


def _entry(id: str) -> Entry:
    for one in entries_from(here().site.help):
        if one.id == id:
            return one
    raise NotFound("There is no such entry any more.")


def languages_here() -> list[str]:
    """Those that the site's surveys speak, the site's own first."""
    site = here().site
    spoken_in = [language for one in live_surveys(site.id) for language in one.definition.languages]
    return list(dict.fromkeys([site.language, *site.languages, *spoken_in]))


def _topics() -> Iterator[Topics]:
    """Every choice that the site's surveys give, once for each question."""
    seen: dict[str, Topics] = {}
    for one in live_surveys(here().site.id):
        for question in one.definition.questions:
            if question.type in CHOSEN:
                labels = {f"{question.key}.{option.key}": spoken(option.label, "en") for option in question.options}
                known = seen.get(question.key)
                answers = {**(known.answers if known else {}), **labels}
                seen[question.key] = Topics(known.question if known else spoken(question.text, "en"), answers)
    yield from seen.values()


def _page(typed: Entry, wrongs: dict[str, str] | None = None, status: int = 200) -> Answered:
    page = render_template(
        "console/settings_help.html",
        typed=typed,
        wrongs=wrongs or {},
        kept=entries_from(here().site.help),
        languages=languages_here(),
        topics=list(_topics()),
        limits=entries,
    )
    return make_response(page, status)


def _back() -> Answered:
    return make_response(redirect(url_for("console.help_list"), 303))
