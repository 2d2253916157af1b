"""Words whose form went away while they were written are shown, with why they can't be sent."""

from __future__ import annotations

import re

from flask import Flask

from tests.console.conftest import SignedIn
from tests.console.test_case import CASE, post, stored_here
from widget_server import database, desk
from widget_server.database import db
from widget_server.responses.models import Response


def test_words_to_somebody_who_had_all_deleted_are_shown_with_why_they_cannot_be_sent(
    app: Flask, signed_in: SignedIn
) -> None:
    client = signed_in()
    page = client.get(CASE).text
    with app.app_context(), database.writing():
        desk.erase(db.session.get_one(Response, stored_here().first_response_id))
    answer = post(client, "reply", page=page, body="My own <careful> words.", promise="A refund", promise_day="2031-01-05")
    assert answer.status_code == 409
    assert "What you typed is still in the form" not in answer.text
    assert "The customer deleted the message and its sender’s details" in answer.text
    assert "There is no way to reach this person" in answer.text
    assert re.search(r'<textarea[^>]*id="stranded-body"[^>]* readonly[^>]*>\nMy own &lt;careful&gt; words.<', answer.text)
    assert re.search(r'<textarea[^>]*id="stranded-promise"[^>]*>\nA refund<', answer.text)


def test_what_happened_is_kept_in_sight_where_somebody_noted_it_first(app: Flask, signed_in: SignedIn) -> None:
    mine, theirs = signed_in(), signed_in("joost")
    page = mine.get(CASE).text
    post(theirs, "understand", body="Two captures.")
    answer = post(mine, "understand", page=page, body="The hold expired.")
    assert "The case has moved on, and the form for it is gone." in answer.text
    assert re.search(r'id="stranded-body"[^>]*>\nThe hold expired.<', answer.text)
