"""Labels as rows: kept and taken back by `desk`, read for counting and fitting. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select

from widget_server.database import db
from widget_server.responses.models import Answer, Response, TextAnswer
from widget_server.scoring.labels import Agreed, Count, agreed, counted, to_learn_from
from widget_server.scoring.models import Correction, Label
from widget_server.scoring.rated import is_best, is_low

NEED = "needs_recovery"


def keep(response: Response, aspect: str, source: str, value: str, at: int) -> None:
    """What this source says of it from now on."""
    row = db.session.get(Label, (response.id, aspect, source))
    if row is None:
        row = Label(response_id=response.id, aspect=aspect, source=source, site_id=response.site_id)
        db.session.add(row)
    row.value, row.at = value, at
    db.session.flush()


def take_back(response: Response, aspect: str, source: str) -> None:
    """This source says nothing of it any more."""
    known = (Label.response_id == response.id, Label.aspect == aspect, Label.source == source)
    db.session.execute(delete(Label).where(*known))


def needs_of(site_id: int) -> list[Agreed]:
    """All that is known of who needed help at a site: the labels to fit to, ratings among them as far as they count.

    Responses that were erased, or that are spam or a test, are left out.
    """
    people = _by_people(site_id)
    return to_learn_from([*_ratings(site_id, {one.response_id for one in people}, len(people)), *people])


def count_of(site_id: int) -> Count:
    """How many labels a site has until it can have weights of its own."""
    return counted(needs_of(site_id))


def corrections_of(response_id: int) -> list[Correction]:
    """All that was ever said, oldest first, what was taken back too."""
    return list(
        db.session.scalars(
            select(Correction).where(Correction.response_id == response_id).order_by(Correction.id)
        )
    )


def standing(corrections: Iterable[Correction]) -> dict[str, Correction]:
    """By aspect, the newest that wasn't taken back."""
    return {row.aspect: row for row in corrections if row.undone_at is None}


def corrected_texts(site_id: int) -> Iterator[dict[str, Any]]:
    """What was written where staff said how it feels or whether something got in the way, as a labelled file has it."""
    said: dict[int, dict[str, str]] = {}
    wanted = select(Label.response_id, Label.aspect, Label.value).join(Response, Response.id == Label.response_id)
    of_words = (Label.site_id == site_id, Label.source == "correction", Label.aspect.in_(("sentiment", "friction")))
    for id, aspect, value in db.session.execute(wanted.where(*of_words, _readable()).order_by(Label.response_id)):
        said.setdefault(id, {})[aspect] = value
    for id, values in said.items():
        texts = select(TextAnswer.text).where(TextAnswer.response_id == id).order_by(TextAnswer.question)
        text = "\n".join(db.session.scalars(texts))
        if text.strip():
            friction = {"yes": True, "no": False}.get(values.get("friction", ""))
            yield {"id": id, "text": text, "lang": None, "label": values.get("sentiment"), "friction": friction}


def _by_people(site_id: int) -> list[Agreed]:
    rows = db.session.execute(
        select(Label.response_id, Label.source, Label.value, Label.at)
        .join(Response, Response.id == Label.response_id)
        .where(Label.site_id == site_id, Label.aspect == NEED, _readable())
    )
    return agreed([(id, source, value, at) for id, source, value, at in rows])


def _ratings(site_id: int, labelled: set[int], most: int) -> list[Agreed]:
    """The newest ratings of either end with words beside them, where nobody said more: at most `most`."""
    if not most:
        return []
    rows = db.session.execute(
        select(Response.id, Response.received_at, is_best())
        .join(Answer, Answer.response_id == Response.id)
        .where(Response.site_id == site_id, or_(is_low(), is_best()), _readable())
        .where(exists().where(TextAnswer.response_id == Response.id))
        .order_by(Response.received_at.desc(), Response.id.desc())
        .limit(2 * most + len(labelled))
    )
    found = [(id, "rating", "no" if high else "yes", at) for id, at, high in rows if id not in labelled]
    low = {id for id, _, value, _ in found if value == "yes"}  # where several were asked, the worst one counts
    kept = agreed([one for one in found if one[2] == "yes" or one[0] not in low])
    return kept[-most:]


def _readable() -> ColumnElement[bool]:
    return and_(Response.state.in_(("kept", "archived")), Response.context["erased"].as_string().is_(None))
