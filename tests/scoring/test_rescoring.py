"""A new model reads older responses again: beside the old score, in small steps, and without touching a case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.scoring.labelled import store
from widget_server.clock import now_ms
from widget_server.database import db, writing
from widget_server.desk.learning import count_flagged_by_rescoring, news_of_rescoring, use_model
from widget_server.recovery.models import Case
from widget_server.responses.models import Response
from widget_server.scoring import rescoring
from widget_server.scoring.models import AssessmentRow, ScoringModel
from widget_server.scoring.operations import assess_response, scores_as
from widget_server.scoring.weights import SHIPPED, Weights, to_json
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site

STRICTER = replace(SHIPPED, id="own-1", bias=0.5)


@pytest.fixture
def site(app: Flask) -> Site:
    with writing():
        site = create_site("Tern Air", key="tern")
        for _ in range(3):
            assess_response(store(site, 3, None))
            assess_response(store(site, 5, "Lovely"))
    return site


def use(site: Site, weights: Weights) -> None:
    row = ScoringModel(
        site_id=site.id, name=weights.id, weights=to_json(weights), figures={}, reads="", labels=200, made_by="", made_at=0
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    use_model(site.id, weights.id)


def all_steps() -> int:
    done = rescoring.begin_due()
    while step := rescoring.rescore_some():
        done += step
    return done


def test_a_change_of_weights_reads_everything_again_beside_the_old_scores(site: Site) -> None:
    with writing():
        use(site, STRICTER)
    all_steps()
    rows = list(db.session.scalars(select(AssessmentRow).order_by(AssessmentRow.id)))
    assert [row.model for row in rows] == [scores_as(SHIPPED)] * 6 + [scores_as(STRICTER)] * 6
    assert {row.revision for row in rows} == {1}
    last = rescoring.newest(site.id)
    assert last is not None
    assert (last.done, last.total, last.failed, last.finished_at is not None) == (6, 6, 0, True)
    assert all_steps() == 0


def test_it_opens_no_case_and_lists_what_would_be_flagged_now(site: Site) -> None:
    assert news_of_rescoring(site.id) is None
    with writing():
        use(site, STRICTER)
    all_steps()
    assert count_flagged_by_rescoring(site.id) == 3
    assert db.session.scalar(select(func.count()).select_from(Case)) == 0
    news = news_of_rescoring(site.id)
    assert news is not None
    assert (news.left, news.flagged) == (0, 3)


def test_going_back_makes_the_first_scores_count_again(site: Site) -> None:
    with writing():
        use(site, STRICTER)
    all_steps()
    with writing():
        use_model(site.id, "shipped")
    all_steps()
    assert db.session.scalar(select(func.count()).select_from(AssessmentRow)) == 12
    assert count_flagged_by_rescoring(site.id) == 0


def test_what_is_fresh_goes_first(site: Site) -> None:
    with writing():
        use(site, STRICTER)
        rescoring.begin(site.id, 0)
        fresh = store(site, 1, None, due_at=now_ms() - 1, processed_at=None)
    assert rescoring.rescore_some() == 0
    with writing():
        db.session.get_one(Response, fresh.id).due_at = None
    assert rescoring.rescore_some() > 0


def test_a_step_is_short_and_the_next_goes_on_where_it_stopped(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescoring, "HOLD_SECONDS", 0.0)
    with writing():
        use(site, STRICTER)
    rescoring.begin_due()
    assert [rescoring.rescore_some() for _ in range(7)] == [2, 2, 2, 2, 2, 2, 0]  # a step and a response each


def test_odd_answers_of_old_times_hold_up_no_other(site: Site) -> None:
    with writing():
        use(site, STRICTER)
        first = db.session.scalars(select(Response).order_by(Response.id)).all()[0]
        first.answers = {"mood": {"odd": 1}}
        first.version_id = None
        first.context = {"locale": ["odd"], "signals": 7}
    all_steps()
    last = rescoring.newest(site.id)
    assert last is not None
    assert (last.done, last.failed) == (6, 0)


def test_only_as_far_back_as_it_is_asked(site: Site) -> None:
    with writing():
        use(site, STRICTER)
        store(site, 3, "Long ago", received_at=1_000)
        assert rescoring.begin(site.id, 2_000).total == 6
        assert rescoring.begin(site.id, 0).total == 7


def test_a_row_of_another_release_is_followed_by_one_of_this(site: Site) -> None:
    with writing():
        for row in db.session.scalars(select(AssessmentRow)):
            row.model = "weights-2"
    assert rescoring.begin_due() == 1
    all_steps()
    assert db.session.scalar(select(func.count()).select_from(AssessmentRow)) == 12
