"""Staff see what a reading stands on, say what is wrong about it, and take it back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.screens.test_responses import LOST, link_of
from widget_server.console.marking import kinds_in, pieces
from widget_server.database import db, writing
from widget_server.responses.models import Response
from widget_server.scoring import rescoring
from widget_server.scoring.models import AssessmentRow, Label


def spans(*found: tuple[int, int, str], text: str, question: str = "comment") -> list[dict[str, object]]:
    return [{"question": question, "start": s, "end": e, "text": text[s:e], "kind": kind} for s, e, kind in found]


def test_pieces_are_the_whole_text_and_trouble_shows_over_what_merely_leans() -> None:
    text = "could not find 😡 it"
    found = pieces(text, spans((0, 14, "strong"), (6, 20, "negative"), (15, 16, "positive"), text=text), "comment")
    assert "".join(piece.text for piece in found) == text
    assert [(piece.text, piece.kind) for piece in found] == [("could not find", "trouble"), (" 😡 it", "negative")]
    assert kinds_in([found]) == [("trouble", "Tells of trouble"), ("negative", "Leans negative")]


@pytest.mark.parametrize(
    "odd",
    [
        {"question": "comment", "start": 0, "end": 3, "text": "abc", "kind": "strong"},
        {"question": "other", "start": 0, "end": 3, "text": "tex", "kind": "strong"},
        {"question": "comment", "start": -2, "end": 99, "text": "text", "kind": "strong"},
        {"question": "comment", "start": "0", "end": None, "text": "", "kind": "strong"},
        {"question": "comment", "start": 0, "end": 3, "text": "tex", "kind": "<b>"},
        {},
    ],
)
def test_a_span_that_does_not_fit_is_left_out(odd: dict[str, object]) -> None:
    assert [piece.kind for piece in pieces("text", [odd], "comment")] == [None]
    assert pieces("", [odd], "comment") == []


def test_the_words_that_count_are_marked_and_named_and_nothing_written_is_markup(send, staff) -> None:
    send({"mood": 1, "comment": f"<b>{LOST}</b>"})
    viewer = staff("viewer")
    page = viewer.open(link_of(viewer.open("/responses")))
    assert '<mark class="said-trouble"><span class="sr" lang="en">[tells of trouble: </span>could not find' in page
    assert "&lt;b&gt;" in page
    assert "<b>I could" not in page
    assert 'class="small quiet legend"' in page
    assert "of 200 labels until own weights" in page
    assert re.search(r"That somebody must help is <b>(likely|almost sure)</b>\.", page)
    assert "%" not in re.findall(r'id="reading".*?</section>', page, flags=re.S)[0]
    assert "Wrong?" not in page


def test_what_was_read_wrongly_is_said_seen_and_taken_back(app, send, staff) -> None:
    send({"mood": 1, "comment": LOST})
    support = staff("support")
    address = link_of(support.open("/responses"))
    said = {"aspect": "needs_recovery", "value": "no", "version": "0"}
    page = support.send(f"{address}/correction", **said)
    assert "Noted: no help was needed." in page
    assert "<b>Support</b> says: no help was needed" in page
    assert "1 of 200 labels" in page
    support.send(f"{address}/correction", 409, **{**said, "value": "yes"})
    support.send(f"{address}/correction", 422, **{**said, "value": "perhaps", "version": "1"})
    support.send(f"{address}/correction", 422, **{**said, "version": "x"})
    with app.app_context():
        assert [row.value for row in db.session.scalars(select(Label))] == ["no"]
    page = support.send(f"{address}/correction/undo", aspect="needs_recovery", version="1")
    assert "says: no help was needed" not in page
    with app.app_context():
        assert list(db.session.scalars(select(Label))) == []


def test_who_only_reads_sees_what_was_said_and_cannot_say_it(send, staff) -> None:
    send({"mood": 1, "comment": LOST})
    support, viewer = staff("support"), staff("viewer")
    address = link_of(support.open("/responses"))
    support.send(f"{address}/correction", aspect="topic", value="price", version="0")
    page = viewer.open(address)
    assert "says: price" in page
    assert "Take back" not in page
    viewer.send(f"{address}/correction", 403, aspect="topic", value="price", version="1")


def test_older_responses_that_would_be_flagged_now_are_listed_for_staff(app, send, staff) -> None:
    send({"mood": 3, "comment": LOST})
    send({"mood": 5, "comment": "All fine"})
    with app.app_context(), writing():
        for response in db.session.scalars(select(Response)):
            first = db.session.scalars(select(AssessmentRow).where(AssessmentRow.response_id == response.id)).one()
            first.model, first.flagged = "weights-0", False
        db.session.execute(db.delete(db.metadata.tables["case_responses"]))
    with app.app_context():
        rescoring.begin_due()
        while rescoring.rescore_some():
            pass
    page = staff("support").open("/responses")
    assert "1 older response would be flagged now." in page
    listed = staff("support").open("/responses?look=rescored")
    assert LOST in listed
    assert "All fine" not in listed
