"""What staff do becomes labels, and labels become weights that a site can take or leave."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from tests.scoring.labelled import store, two_hundred
from widget_server.accounts.models import AuditEntry, User
from widget_server.accounts.operations import create_user
from widget_server.commands import scoring_models
from widget_server.config import Settings
from widget_server.database import db, writing
from widget_server.desk import document_and_close, not_a_failure, open_by_hand, resolve
from widget_server.desk.corrections import correct, take_back
from widget_server.desk.learning import gather, keep_model, learn, models_of, use_model
from widget_server.errors import Conflict, Invalid, NotFound
from widget_server.responses.models import Response
from widget_server.scoring.evaluating import read_labelled
from widget_server.scoring.labelling import corrected_texts, needs_of
from widget_server.scoring.models import Correction, Label
from widget_server.scoring.operations import active_weights, assess_response
from widget_server.sites.models import Site
from widget_server.sites.operations import create_site


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    with writing():
        yield create_site("Tern Air", key="tern")


@pytest.fixture
def joost(site: Site) -> User:
    return create_user("joost@tern.example", "a good long password", "Joost")


def labels() -> list[tuple[str, str, str]]:
    rows = db.session.scalars(select(Label).order_by(Label.response_id, Label.aspect))
    return [(row.aspect, row.source, row.value) for row in rows]


def test_a_case_opened_by_hand_and_one_dismissed_are_labels(site: Site, joost: User) -> None:
    first = open_by_hand(store(site, 4, "Hm"), joost)
    second = open_by_hand(store(site, 4, "Hm"), joost)
    not_a_failure(second, joost, expected_version=None, reason="A joke")
    assert gather(site.id) == 2
    assert labels() == [("needs_recovery", "opened_by_hand", "yes"), ("needs_recovery", "not_a_failure", "no")]
    assert gather(site.id) == 0
    not_a_failure(first, joost, expected_version=None, reason="Another")
    assert gather(site.id) == 1
    assert labels() == [("needs_recovery", "not_a_failure", "no")] * 2


def test_a_case_that_was_worked_to_its_end_needed_help(site: Site, joost: User) -> None:
    case = open_by_hand(store(site, 1, "Broken"), None)
    assert gather(site.id) == 0
    resolve(case, joost, expected_version=None, cause="A bug", remedy="Mended")
    if case.state != "closed":
        document_and_close(case, joost, expected_version=None)
    gather(site.id)
    assert labels() == [("needs_recovery", "outcome", "yes")]


def test_a_correction_becomes_a_label_and_can_be_taken_back(site: Site, joost: User) -> None:
    response = store(site, 1, "Just testing")
    read = assess_response(response)
    row = correct(response, read, joost, aspect="needs_recovery", value="no", expected=0)
    assert row.read_as == "yes"
    correct(response, read, joost, aspect="sentiment", value="neutral", expected=1)
    correct(response, read, joost, aspect="sentiment", value="positive", expected=2)
    assert labels() == [("needs_recovery", "correction", "no"), ("sentiment", "correction", "positive")]
    take_back(response, joost, aspect="sentiment", expected=3)
    assert labels()[1] == ("sentiment", "correction", "neutral")
    take_back(response, joost, aspect="sentiment", expected=4)
    take_back(response, joost, aspect="needs_recovery", expected=5)
    take_back(response, joost, aspect="needs_recovery", expected=6)
    assert labels() == []
    assert read.flagged
    assert len(list(db.session.scalars(select(Correction)))) == 3
    told = [entry.action for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert told == ["response.corrected"] * 3 + ["response.correction_undone"] * 3


def test_corrected_words_are_rows_that_evaluate_reads(site: Site, joost: User, tmp_path: Path) -> None:
    for text, feeling, trouble in (("It broke", "negative", "yes"), ("Lovely", "positive", "no"), (None, "neutral", "no")):
        response = store(site, 3, text)
        correct(response, None, joost, aspect="sentiment", value=feeling, expected=0)
        correct(response, None, joost, aspect="friction", value=trouble, expected=1)
    file = tmp_path / "own.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in corrected_texts(site.id)))
    found = [(row.text, row.label, row.friction) for row in read_labelled(file)]
    assert found == [("It broke", "negative", True), ("Lovely", "positive", False)]


def test_who_looked_before_somebody_else_spoke_is_told(site: Site, joost: User) -> None:
    response = store(site, 1, None)
    correct(response, None, joost, aspect="topic", value="price", expected=0)
    with pytest.raises(Conflict, match="meanwhile"):
        correct(response, None, joost, aspect="topic", value="staff", expected=0)
    with pytest.raises(Invalid):
        correct(response, None, joost, aspect="topic", value="weather", expected=1)


def test_nothing_is_learned_from_spam(site: Site, joost: User) -> None:
    with pytest.raises(Conflict, match="spam"):
        correct(store(site, 1, None, state="spam"), None, joost, aspect="friction", value="no", expected=0)


def test_labels_go_with_their_response(site: Site, joost: User) -> None:
    response = store(site, 1, None)
    correct(response, None, joost, aspect="friction", value="no", expected=0)
    db.session.delete(db.session.get_one(Response, response.id))
    db.session.flush()
    db.session.expire_all()
    assert labels() == []


def test_too_few_labels_are_refused_and_say_what_is_missing(site: Site) -> None:
    with pytest.raises(Conflict, match="0 of 200 labels"):
        learn(site.id)


@pytest.fixture
def learned(app: Flask) -> int:
    with writing():
        site = create_site("Tern Air", key="tern")
        two_hundred(site, wordy=8)
    return site.id


def test_weights_of_its_own_are_used_from_the_next_response_on_and_can_be_left(learned: int) -> None:
    site_id = learned
    lesson = learn(site_id)
    assert lesson.count.total == 202
    assert lesson.fitted.better
    with writing():
        row = keep_model(site_id, lesson, by="a test", use=True)
        assert row.name == "own-1"
    clicking = {"signals": {"rage_clicks": 9, "errors": 5, "left_without_goal": "purchase"}}
    with writing():
        site = db.session.get_one(Site, site_id)
        mine = assess_response(store(site, None, None, context=clicking))
        assert mine.model.startswith("own-1/")
        assert not mine.flagged
        assert mine.likelihood is not None
        assert mine.likelihood < 0.3
        assert assess_response(store(site, 2, None)).flagged
    with writing():
        use_model(site_id, "shipped")
        theirs = assess_response(store(db.session.get_one(Site, site_id), None, None, context=clicking))
        assert theirs.flagged
        assert theirs.likelihood is None
    with writing():
        use_model(site_id, "own-1")
        assert active_weights(site_id).id == "own-1"
        with pytest.raises(NotFound):
            use_model(site_id, "own-7")
    assert [one.name for one in models_of(site_id)] == ["own-1"]


def test_the_commands_fit_list_and_go_back(
    learned: int, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.session.rollback()
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    runner = CliRunner()

    def said(command, *arguments: str) -> str:  # type: ignore[no-untyped-def]
        done = runner.invoke(command, arguments)
        assert done.exit_code == 0, done.output
        return done.output

    assert "A dry run: nothing was kept" in said(scoring_models.fit, "--site", "tern", "--dry-run")
    assert "in use" in said(scoring_models.models, "--site", "tern").splitlines()[0]
    told = said(scoring_models.fit, "--all")
    assert "202 labels" in told
    assert "own-1 is in use" in told
    assert "own-1" in said(scoring_models.models, "--site", "tern")
    assert "Model: own-1/" in said(scoring_models.status, "--site", "tern")
    assert "is kept and not used" in said(scoring_models.fit, "--site", "tern")
    said(scoring_models.use, "shipped", "--site", "tern")
    assert "Model: weights-" in said(scoring_models.status, "--site", "tern")
    assert "responses will be read" in said(scoring_models.rescore, "--site", "tern", "--since", "2020-01-01")
    assert "under way" in said(scoring_models.status, "--site", "tern")
    assert [row.source for row in db.session.scalars(select(Label))][:1] == ["correction"]
    assert needs_of(db.session.scalars(select(Site.id)).one())


def environment(settings: Settings) -> dict[str, str]:
    return {
        "WIDGET_INSTANCE": str(settings.instance),
        "WIDGET_DATABASE_URL": settings.database_url,
        "WIDGET_SECRET_KEY": settings.secret_key,
        "WIDGET_ENCRYPTION_KEYS": ",".join(settings.encryption_keys),
    }
