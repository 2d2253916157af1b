"""What is older than its site keeps it goes, the rest stays; on both databases."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.privacy.conftest import CANARY, make_place, mentions, said_by, with_case, with_picture
from tests.recovery.people import fresh, make_site, make_user
from tests.visitor.test_erasing import everything
from widget_server import desk, jobs
from widget_server.accounts.models import AuditEntry
from widget_server.accounts.operations import audit
from widget_server.clock import DAY, now_ms, travel
from widget_server.database import db, writing
from widget_server.delivery import outbox
from widget_server.delivery.models import Delivery
from widget_server.errors import Conflict
from widget_server.people.models import Contact
from widget_server.privacy import retention
from widget_server.privacy.periods import KINDS, PERIODS, keeping, read_days
from widget_server.recovery.models import Case, CaseMessage
from widget_server.responses.models import Attachment, Display


@pytest.fixture
def one_year_on(any_app: Flask) -> SimpleNamespace:
    """Said a year and a day ago: with a closed case, with an open one, and without any; and something of today."""
    now = now_ms()
    with travel(now - 366 * DAY), writing():
        site, maren = make_place(), make_user("Maren")
        context = {"trail": [{"what": CANARY}], "facts": {"order": CANARY}, "device": "phone"}
        old = {"received_at": now - 366 * DAY, "updated_at": now - 366 * DAY, "context": context}
        closed = said_by(site, "closed@example.org", **old)
        open_ = said_by(site, "open@example.org", words="Still being worked on", **{**old, "context": {}})
        alone = said_by(site, "alone@example.org", **old)
        for response in (closed, open_, alone):
            with_picture(response)
        case, working = with_case(closed), with_case(open_)
        case.state, case.closed_at, case.closed_as = "closed", now - 360 * DAY, "documented"
        working.due = None
        audit("test", user=maren, site_id=site.id)
    with writing():
        today = said_by(site, "today@example.org", words="Said today")
    return SimpleNamespace(
        site=site, now=now, closed=closed, open=open_, alone=alone, today=today, case=case, maren=maren
    )  # fmt: skip


def test_words_go_after_their_time_and_stay_while_a_case_is_open(one_year_on: SimpleNamespace) -> None:
    gone = retention.run(one_year_on.now)
    left = everything()
    assert CANARY not in left.replace("PNG Rigby", "")  # the open case's picture is not older than its words
    assert "Still being worked on" in left
    assert "Said today" in left
    assert gone["words"] == 2
    assert fresh(one_year_on.case).closed_as == "documented"


def test_what_would_go_is_counted_as_it_then_goes(one_year_on: SimpleNamespace) -> None:
    counted = retention.due_counts(one_year_on.site.id, one_year_on.now)
    assert counted["words"] == 2
    assert counted["contacts"] == 2
    assert counted["pictures"] == 2  # these go with their words already
    assert counted["trails"] == 2
    db.session.rollback()
    gone = retention.run(one_year_on.now)
    assert (gone["words"], sum(retention.due_counts(one_year_on.site.id, one_year_on.now).values())) == (2, 0)


def test_nothing_goes_where_all_is_kept(one_year_on: SimpleNamespace) -> None:
    with writing():
        for kind in KINDS:
            retention.set_days(one_year_on.site.id, kind, 0)
    assert sum(retention.run(one_year_on.now + 5_000 * DAY).values()) == 0


def test_a_site_can_be_stricter_than_the_default(one_year_on: SimpleNamespace) -> None:
    with writing():
        retention.set_days(one_year_on.site.id, "words", 7)
        retention.set_days(one_year_on.site.id, "words", 1)
    assert retention.run(one_year_on.now + 2 * DAY)["words"] == 3


def test_an_address_goes_thirty_days_after_the_case_was_closed(any_app: Flask) -> None:
    with writing():
        site = make_place()
        response = said_by(site, "eleanor@example.org")
        case = with_case(response)
        case.state, case.closed_at, case.closed_as = "closed", now_ms(), "documented"
    now = now_ms()
    assert retention.run(now + 29 * DAY)["contacts"] == 0
    assert retention.run(now + 31 * DAY)["contacts"] == 1
    assert fresh(case).reach == "receipt"


def test_that_a_survey_was_shown_goes_in_its_time_at_its_own_site(any_app: Flask) -> None:
    now = now_ms()
    old, late = now - 801 * DAY, now - 799 * DAY
    with writing():
        here, other = make_place(), make_site()
        retention.set_days(other.id, "displays", 0)
        for site in (here, other):
            for id, times in enumerate(({"shown_at": old}, {"closed_at": old}, {"shown_at": late}, {"started_at": late})):
                db.session.add(Display(site_id=site.id, display_id=f"{id:036d}", survey_key="exit", version="v1", **times))
        site_id, other_id = here.id, other.id
    assert retention.due_counts(site_id, now)["displays"] == 2
    assert retention.run(now)["displays"] == 2
    left = db.session.execute(select(Display.site_id, Display.display_id).order_by(Display.display_id)).tuples().all()
    assert [id[-1] for site, id in left if site == site_id] == ["2", "3"]
    assert len([id for site, id in left if site == other_id]) == 4


def test_an_address_with_a_mail_on_its_way_waits(any_app: Flask) -> None:
    with writing():
        site = make_place()
        response = said_by(site, "eleanor@example.org")
        contact = db.session.scalars(select(Contact.id).where(Contact.response_id == response.id)).one()
        outbox.enqueue(unique_key="m", site_id=site.id, purpose="reply", subject="s", body="b", contact_id=contact)
    assert retention.run(now_ms() + 31 * DAY)["contacts"] == 0


def test_the_words_of_a_mail_go_and_it_is_never_sent_empty(one_year_on: SimpleNamespace) -> None:
    with writing():
        mail = outbox.enqueue(
            unique_key="m", site_id=one_year_on.site.id, purpose="urgent_case", subject="P1", body="Old",
            user_id=one_year_on.maren.id,
        )  # fmt: skip
        mail.state = "held"
    retention.run(now_ms() + 91 * DAY)
    with writing():
        kept = db.session.scalars(select(Delivery)).one()
        assert (kept.body, kept.subject) == ("", "P1")
        with pytest.raises(Conflict, match="words of this message are gone"):
            outbox.replay(kept)


def test_pictures_trails_and_the_audit_log_have_their_own_time(any_app: Flask) -> None:
    with writing():
        site = make_place()
        response = said_by(site, None, context={"trail": [1], "signals": {"errors": 2}}, url="https://a.example/b?c=d")
        with_picture(response)
        audit("test", user=None, site_id=site.id)
    now = now_ms()
    assert retention.run(now + 91 * DAY)["trails"] == 1
    assert fresh(response).context == {"signals": {"errors": 2}}
    assert fresh(response).url == "https://a.example/b"
    assert retention.run(now + 181 * DAY)["pictures"] == 1
    assert db.session.scalars(select(Attachment)).all() == []
    assert retention.run(now + 731 * DAY)["audit"] == 1
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_more_than_a_batch_goes_in_several_and_no_more_than_is_asked_for(any_app: Flask) -> None:
    with writing():
        site = make_place()
        for number in range(retention.AT_ONCE + 5):
            said_by(site, None, words=f"No {number}")
    late = now_ms() + 366 * DAY
    assert retention.run(late, most=10)["words"] == retention.AT_ONCE  # a batch is whole
    assert retention.run(late)["words"] == 5


def test_addresses_found_in_texts_go_in_batches(any_app: Flask) -> None:
    with writing():
        response = said_by(make_place(), None)
        for number in range(retention.AT_ONCE + 5):
            mentions(response, f"somebody{number}@example.org")
        db.session.execute(update(Contact).values(delete_at=now_ms()))
    assert retention.purge_found(now_ms() - DAY) == 0
    assert retention.purge_found(now_ms()) == retention.AT_ONCE + 5


def test_what_staff_add_after_an_erasure_goes_after_the_case_was_closed(place: SimpleNamespace) -> None:
    with writing():
        desk.erase(place.first)
        desk.note(place.case, place.maren, body=f"{CANARY} called from 555 0100")
    with writing():
        desk.not_a_failure(place.case, place.maren, expected_version=None, reason="Said on the telephone")
    closed = now_ms()
    assert retention.run(closed + 364 * DAY)["notes"] == 0
    assert retention.due_counts(place.site.id, closed + 366 * DAY)["words"] >= 1
    db.session.rollback()
    assert retention.run(closed + 366 * DAY)["notes"] == 1
    assert set(db.session.scalars(select(CaseMessage.body).where(CaseMessage.case_id == place.case.id))) == {""}
    assert retention.run(closed + 367 * DAY)["notes"] == 0


def test_why_somebody_opened_a_case_by_hand_goes_with_its_message(any_app: Flask) -> None:
    with writing():
        site, maren = make_place(), make_user("Maren")
        response, asked = said_by(site, None), said_by(site, None)
        by_hand = desk.open_by_hand(response, maren, reason=f"{CANARY} says it broke")
        by_them = desk.ask_a_person(asked, "Somebody?")
    with writing():
        desk.erase(response)
        desk.erase(asked)
    assert (fresh(by_hand).reasons, fresh(by_them).reasons) == (["[deleted]"], ["They asked for a person"])
    assert CANARY not in everything()


def test_the_worker_does_it(app: Flask) -> None:
    with writing():
        response = said_by(make_place(), None)
        mentions(response, "somebody@example.org")
    with travel(now_ms() + 366 * DAY):
        jobs.run_due()
    assert CANARY not in everything()


def test_a_case_that_was_left_without_words_still_counts(one_year_on: SimpleNamespace) -> None:
    retention.run(one_year_on.now)
    assert len(db.session.scalars(select(Case)).all()) == 2


@pytest.mark.parametrize(
    ("typed", "days"),
    [("30", 30), (" 0 ", 0), ("keep", 0), ("3651", None), ("-1", None), ("", None), ("٣", None), ("1.5", None)],
)
def test_days_are_read_as_they_are_typed(typed: str, days: int | None) -> None:
    assert read_days(typed) == days


def test_every_kind_has_a_default_and_a_warning() -> None:
    assert all(period.days > 0 and period.says and period.kept for period in PERIODS)
    assert keeping({}).limit("words", 400 * DAY) == 35 * DAY
    assert keeping({"words": 0}).limit("words", 400 * DAY) is None
