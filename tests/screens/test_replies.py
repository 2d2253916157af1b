"""An admin keeps replies for all; what can't be kept is told beside its field; at a case they come with its names."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from sqlalchemy import select

from tests.console.desk_data import Complaint, complain
from tests.replies.test_worked import put_right
from widget_server.database import db, writing
from widget_server.desk.saved_replies import MOST
from widget_server.replies.models import SavedReply
from widget_server.sites.models import Site

FORM = {"language": "en", "title": "Where is my refund?", "body": "Dear {name},\n\nit takes <b>five</b> days."}


def kept(app: Flask) -> list[SavedReply]:
    with app.app_context():
        return list(db.session.scalars(select(SavedReply).order_by(SavedReply.id)))


def case_at(app: Flask, **told) -> int:
    with app.app_context(), writing():
        return complain(db.session.scalars(select(Site).where(Site.key == "ternair")).one(), Complaint(**told)).number


def written(page: str) -> str:
    """What stands in the composer."""
    found = re.search(r'<textarea id="reply-body"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def test_a_reply_is_saved_changed_and_taken_away_and_the_log_says_so(app, staff):
    admin = staff("admin")
    assert "No reply yet" in admin.open("/settings/replies")
    page = admin.send("/settings/replies", **FORM)
    assert "Saved." in page
    assert "1 reply<" in page
    assert "<b>five" not in page
    assert "by Admin" in page
    assert 'id="nav-queue"' in page
    (row,) = kept(app)
    assert "it takes &lt;b&gt;five&lt;/b&gt; days.</textarea>" in admin.open(f"/settings/replies?reply={row.public_id}")
    admin.send("/settings/replies", **FORM | {"reply": row.public_id, "title": "Refunds", "language": "th"})
    (changed,) = kept(app)
    assert (changed.id, changed.title, changed.language, changed.created_at) == (row.id, "Refunds", "th", row.created_at)
    assert "1 reply so far" in admin.open("/settings")
    assert "Take away “Refunds”?" in admin.open(f"/settings/replies/remove?reply={row.public_id}")
    assert "Taken away." in admin.send("/settings/replies/remove", reply=row.public_id)
    assert "gone already" in admin.send("/settings/replies/remove", reply=row.public_id)
    assert kept(app) == []
    log = admin.open("/audit")
    assert "saved a reply for all: Refunds" in log
    assert "took a saved reply away: Refunds" in log


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"body": "x" * 10_001}, "body", "1 letters too many"),
        ({"body": " \n "}, "body", "Write what the reply says."),
        ({"body": "\u200b\x00\x07"}, "body", "Write what the reply says."),
        ({"title": ""}, "title", "Write a title"),
        ({"title": "\u2800\u200b"}, "title", "Write a title"),
        ({"title": "x" * 121}, "title", "Write a title"),
        ({"title": "two\nlines"}, "title", "one line"),
        ({"title": "bell\x07"}, "title", "one line"),
        ({"title": "nul\x00"}, "title", "one line"),
        ({"title": "turned \u202e around"}, "title", "one line"),
        ({"title": " WHERE is  my refund?"}, "title", "already"),
        ({"language": "xx"}, "language", "Choose one of the list"),
    ],
)
def test_what_cant_be_kept_is_told_beside_its_field_and_stays_in_the_form(app, staff, changes, field, says):
    admin = staff("admin")
    admin.send("/settings/replies", **FORM)
    page = admin.send("/settings/replies", expect=422, **FORM | {"title": "Another"} | changes)
    assert says in page
    assert f'id="s-{field}-wrong"' in page
    assert len(kept(app)) == 1
    if "body" not in changes:
        assert "it takes &lt;b&gt;five&lt;/b&gt; days.</textarea>" in page


def test_a_title_is_there_once_in_each_language_and_may_be_thai(app, staff):
    admin = staff("admin")
    titles = (("en", "Straße"), ("th", "Straße"), ("th", "คืนเงินอย่างไร"), ("en", "\ufdfa" * 120), ("en", "ΐ" * 120))
    for language, title in titles:
        admin.send("/settings/replies", **FORM | {"language": language, "title": title})
    admin.send("/settings/replies", expect=422, **FORM | {"title": "STRASSE"})
    assert len(kept(app)) == 5
    same = kept(app)[0]
    admin.send("/settings/replies", **FORM | {"title": "STRASSE", "reply": same.public_id})


def test_one_that_is_gone_is_a_404_and_there_are_no_more_than_so_many(app, staff):
    admin = staff("admin")
    for gone in ("no-such-reply", "\x00", "ไ" * 40):
        admin.send("/settings/replies", expect=404, **FORM | {"reply": gone})
        assert "gone already" in admin.send("/settings/replies/remove", reply=gone)
    for address in ("reply=gone", "from=gone", "reply=%00", "from=%00"):
        admin.open(f"/settings/replies?{address}", status=404)
    with app.app_context(), writing():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        rows = [
            SavedReply(site_id=site.id, language="en", title=f"T{n}", folded=f"t{n}", body="x", created_at=0, changed_at=0)
            for n in range(MOST)
        ]
        db.session.add_all(rows)
    assert "take one away first" in admin.send("/settings/replies", expect=422, **FORM)


def test_who_is_no_admin_neither_sees_nor_writes_the_list(staff):
    staff("admin").send("/settings/replies", **FORM)
    for role in ("product", "support", "viewer"):
        browser = staff(role)
        browser.open("/settings/replies", status=403)
        browser.send("/settings/replies", expect=403, **FORM)


def test_a_saved_reply_comes_to_a_case_with_its_names(app, staff):
    admin, number = staff("admin"), case_at(app, name="Eleanor Whitcombe")
    admin.send("/settings/replies", **FORM | {"body": "Dear {name},\nabout {reference}: {other}\n{agent}, {site}"})
    (row,) = kept(app)
    support = staff("support")
    page = support.open(f"/cases/{number}")
    assert "Replies (1)" in page
    assert "Where is my refund?" in page
    assert written(page) == ""
    filled = f"Dear Eleanor,\nabout TA {number}: {{other}}\nSupport, Tern Air"
    assert written(support.open(f"/cases/{number}?use={row.public_id}")) == filled
    assert support.open(f"/cases/{number}/replies/{row.public_id}") == filled
    for gone in ("gone", "%00", "01990000-0000-7000-8000-000000000000"):
        support.open(f"/cases/{number}?use={gone}", status=404)
        support.open(f"/cases/{number}/replies/{gone}", status=404)
    support.open(f"/cases/9999/replies/{row.public_id}", status=404)


@pytest.mark.parametrize("name", ["{agent}", "{{7*7}}", "<script>alert(1)</script>", "สมชาย", "</textarea>", None])
def test_whatever_a_customer_is_called_it_is_words(app, staff, name):
    number = case_at(app, name=name)
    staff("admin").send("/settings/replies", **FORM | {"body": "Dear {name}, hello"})
    page = staff("support").open(f"/cases/{number}?use={kept(app)[0].public_id}")
    assert written(page) == (f"Dear {name}, hello" if name else "Dear, hello")
    assert "<script>alert" not in page


def test_saved_replies_of_the_cases_language_come_first_then_the_sites_and_no_other(app, staff):
    admin = staff("admin")
    for language, title in (("en", "English A"), ("th", "Thai B"), ("nl", "Dutch C")):
        admin.send("/settings/replies", expect=200, **FORM | {"language": language, "title": title})
    page = staff("support").open(f"/cases/{case_at(app, language='th')}")
    assert page.index("Thai B") < page.index("English A")
    assert "Dutch C" not in page


def test_a_reply_that_worked_is_offered_to_whoever_works_cases_and_an_admin_saves_it_for_others(app, staff):
    with app.app_context():
        site = db.session.scalars(select(Site).where(Site.key == "ternair")).one()
        before = put_right(site, done="It is on its way, {name}.").number
    number = case_at(app, words="Paid twice for my seat.")
    page = staff("support").open(f"/cases/{number}")
    assert "Replies that worked (1)" in page
    assert f"Case {before}</a>" in page
    assert "also about payment" in page
    assert "Save for others" not in page
    used = re.search(r"use=([0-9a-f-]{36})", page)
    assert used
    assert written(staff("support").open(f"/cases/{number}?use={used[1]}")) == "It is on its way, {name}."
    viewer = staff("viewer")
    assert "It is on its way" not in viewer.open(f"/cases/{number}")
    viewer.open(f"/cases/{number}/replies/{used[1]}", status=403)
    assert "It is on its way" not in viewer.open(f"/cases/{number}?use={used[1]}")
    admin = staff("admin")
    assert "Save for others" in admin.open(f"/cases/{number}")
    form = admin.open(f"/settings/replies?from={used[1]}")
    assert "It is on its way, {name}.</textarea>" in form
    assert "written to one customer" in form
