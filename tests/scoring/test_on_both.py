"""Labels, models and rescoring ask the same of SQLite and of PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests.scoring.labelled import label, store
from widget_server.database import db, writing
from widget_server.desk.learning import gather_recent, models_of, news_of_rescoring, use_model
from widget_server.scoring import rescoring
from widget_server.scoring.labelling import count_of
from widget_server.scoring.labels import Count
from widget_server.scoring.models import AssessmentRow, ScoringModel
from widget_server.scoring.operations import assess_response
from widget_server.scoring.weights import SHIPPED, to_json
from widget_server.sites.operations import create_site


def model(site_id: int, name: str, active: bool) -> ScoringModel:
    weights = to_json(replace(SHIPPED, id=name, bias=0.5))
    return ScoringModel(
        site_id=site_id, name=name, weights=weights, figures={}, reads="", labels=200, made_by="", made_at=0, active=active
    )  # fmt: skip


def test_labels_are_counted_and_older_responses_read_again(any_app: Flask) -> None:
    with writing():
        site = create_site("Tern Air", key="tern")
        for _ in range(3):
            response = store(site, 3, None)
            assess_response(response)
        label(response, True)
        store(site, 1, "Bad")
        label(store(site, 1, None, context={"erased": 1}), False)
        db.session.add(model(site.id, "own-1", True))
        site_id = site.id
    assert count_of(site_id) == Count(1, 0, 1)
    with writing():
        assert gather_recent(0) == 0
    assert rescoring.begin_due() == 1
    while rescoring.rescore_some():
        pass
    assert db.session.scalar(select(func.count()).select_from(AssessmentRow)) == 7
    news = news_of_rescoring(site_id)
    assert news is not None
    assert (news.left, news.flagged) == (0, 3)
    with writing():
        use_model(site_id, "shipped")
    assert [row.active for row in models_of(site_id)] == [False]


def test_a_site_uses_one_model_at_a_time(any_app: Flask) -> None:
    with writing():
        site_id = create_site("Tern Air", key="tern").id
    with pytest.raises(IntegrityError), writing():
        db.session.add_all([model(site_id, "own-1", True), model(site_id, "own-2", True)])
