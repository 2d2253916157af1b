"""An admin writes the list of help; who may not, reads it; what can't be kept is told beside its field."""

from __future__ import annotations

import re

import pytest

from widget_server.database import writing
from widget_server.sites.help import entries_from
from widget_server.sites.queries import site_by_key

FORM = {
    "language": "en", "title": "Where is my refund?", "text": "It takes <b>five</b> days.", "url": "https://tern.example/r",
    "words": "refund\nmoney back", "topics": ["topic.payment", "topic.nonsense"],
}  # fmt: skip


def kept(app):
    with app.app_context():
        return entries_from(site_by_key("ternair").help)


def test_an_entry_is_written_changed_and_taken_away_and_the_log_says_so(app, staff):
    admin = staff("admin")
    assert "No entry yet" in admin.open("/settings/help")
    page = admin.send("/settings/help", **FORM)
    assert "Saved." in page
    assert "1 entry" in page
    assert "<b>five" not in page
    (entry,) = kept(app)
    assert (entry.words, entry.topics) == (("refund", "money back"), ("topic.payment",))
    form = admin.open(f"/settings/help?entry={entry.id}")
    assert "It takes &lt;b&gt;five&lt;/b&gt; days.</textarea>" in form
    assert re.search(r'value="topic.payment" checked', form)
    admin.send("/settings/help", **FORM | {"entry": entry.id, "title": "Refunds", "words": "คืนเงิน"})
    assert [(one.id, one.title, one.words) for one in kept(app)] == [(entry.id, "Refunds", ("คืนเงิน",))]
    assert "Take away “Refunds”?" in admin.open(f"/settings/help/remove?entry={entry.id}")
    assert "Taken away." in admin.send("/settings/help/remove", entry=entry.id)
    assert "gone already" in admin.send("/settings/help/remove", entry=entry.id)
    assert kept(app) == []
    log = admin.open("/audit")
    assert "wrote an entry of the help: Refunds" in log
    assert "took an entry of the help away: Refunds" in log


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"title": " "}, "title", "Write a title"),
        ({"url": "http://x.example"}, "url", "from https:// on"),
        ({"url": "", "text": ""}, "text", "Write a short answer"),
        ({"words": "", "topics": []}, "words", "Give a word"),
        ({"words": "x" * 4000}, "words", "20 words at most"),
        ({"language": "xx"}, "language", "Choose one of the list"),
    ],
)
def test_what_cant_be_kept_is_told_beside_its_field_and_stays_in_the_form(app, staff, changes, field, says):
    page = staff("admin").send("/settings/help", expect=422, **FORM | changes)
    assert says in page
    assert f'id="a-{field}-wrong"' in page
    assert 'value="topic.payment" checked' in page or "topics" in changes
    assert kept(app) == []


def test_an_entry_that_somebody_took_away_meanwhile_is_a_404_and_the_hundredth_is_the_last(app, staff):
    admin = staff("admin")
    admin.send("/settings/help", expect=404, **FORM | {"entry": "gone"})
    admin.open("/settings/help?entry=gone", status=404)
    with app.app_context(), writing():
        site = site_by_key("ternair")
        site.help = [{"id": str(n), "language": "en", "title": f"T{n}", "text": "x", "words": ["w"]} for n in range(100)]
    assert "take one away first" in admin.send("/settings/help", expect=422, **FORM)


def test_who_is_no_admin_neither_sees_nor_writes_it(staff):
    staff("admin").send("/settings/help", **FORM)
    for role in ("product", "support", "viewer"):
        browser = staff(role)
        browser.open("/settings/help", status=403)
        browser.send("/settings/help", expect=403, **FORM)
