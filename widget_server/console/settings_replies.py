"""The replies that are kept for all who answer here. Part of the settings."""

from __future__ import annotations

from flask import Response as Answered
from flask import flash, make_response, redirect, render_template, request, url_for

from widget_server.accounts.operations import audit
from widget_server.console.frame import actor, command, here, screen
from widget_server.console.settings import confirmation
from widget_server.console.settings_help import languages_here
from widget_server.database import writing
from widget_server.desk import saved_replies as desk
from widget_server.desk import words
from widget_server.desk.saved_replies import Typed
from widget_server.errors import Invalid, NotFound
from widget_server.replies.filling import PLACES
from widget_server.replies.queries import saved_replies, saved_reply, worked_reply


@screen("/settings/replies", "settings.read")
def reply_list() -> Answered:
    """All of them, and a form: for a new one, for the one that is named, or for one that is made of a reply that worked."""
    named, made_of = _id(request.args.get("reply", "")), _id(request.args.get("from", ""))
    if named:
        kept = saved_reply(here().site.id, named)
        if kept is None:
            raise NotFound(desk.GONE)
        return _page(Typed(kept.language, kept.title, kept.body), named)
    if made_of:
        worked = worked_reply(here().site.id, made_of)
        if worked is None:
            raise NotFound("There is no such reply any more.")
        return _page(Typed(worked.language, "", worked.words), worked=True)
    return _page(Typed(here().site.language, "", ""))


@command("/settings/replies", "settings.work")
def put_reply() -> Answered:
    """A new one, or another wording of one."""
    form = request.form
    named = _id(form.get("reply", ""))
    typed = Typed(form.get("language", "")[:10], form.get("title", ""), form.get("body", ""))
    if typed.language not in languages_here():
        return _page(typed, named, {"language": "Choose one of the list."}, 422)
    try:
        with writing():
            kept = desk.save_reply(here().site, actor(), typed, named)
            audit("reply.saved", user=actor(), site_id=here().site.id, subject=kept.title)
    except Invalid as wrong:
        return _page(typed, named, {fault.pointer.lstrip("/"): fault.detail for fault in wrong.faults}, 422)
    flash("Saved. It stands at every case now, under Replies.")
    return _back()


@screen("/settings/replies/remove", "settings.work")
def removing_reply() -> Answered:
    """What taking one away does, before it is done."""
    kept = saved_reply(here().site.id, _id(request.args.get("reply", "")))
    if kept is None:
        return _back()
    return confirmation(
        f"Take away “{kept.title}”?",
        "Nobody finds it at a case any more. What was sent with it stays.",
        button="Take it away",
        action=url_for("console.remove_reply"),
        back=url_for("console.reply_list"),
        reply=kept.public_id,
    )


@command("/settings/replies/remove", "settings.work")
def remove_reply() -> Answered:
    """One less; who asks twice finds it gone."""
    with writing():
        gone = desk.remove_reply(here().site, _id(request.form.get("reply", "")))
        if gone is not None:
            audit("reply.removed", user=actor(), site_id=here().site.id, subject=gone.title)
    flash("It was gone already." if gone is None else "Taken away.")
    return _back()


def _id(given: str) -> str:
    return given[:36] if given.isprintable() else "unknown"


def _page(
    typed: Typed, named: str = "", wrongs: dict[str, str] | None = None, status: int = 200, *, worked: bool = False
) -> Answered:
    page = render_template(
        "console/settings_replies.html",
        typed=typed,
        named=named,
        wrongs=wrongs or {},
        worked=worked,
        kept=saved_replies(here().site.id),
        languages=languages_here(),
        fillable=PLACES,
        limits=words,
    )
    return make_response(page, status)


def _back() -> Answered:
    return make_response(redirect(url_for("console.reply_list"), 303))
