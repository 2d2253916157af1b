"""An admin sets a site up: the tag, where it may be used, who works there."""

import re
import time

import pytest


def test_the_tag_stands_ready_to_copy(staff):
    page = staff("admin").open("/settings")
    assert (
        "&lt;script async src=&#34;http://widget.test/widget.js&#34; data-site=&#34;ternair&#34;&gt;&lt;/script&gt;"
        in page
    )
    assert "Not seen yet" in page


def test_the_place_where_the_tag_was_seen_is_named(app, staff):
    app.test_client().get("/v1/sites/ternair/config", headers={"Origin": "https://www.ternair.example"})
    browser, until = staff("admin"), time.monotonic() + 10
    while "www.ternair.example</b>" not in browser.open("/settings"):
        assert time.monotonic() < until, "the sighting is written within seconds"
        time.sleep(0.1)


@pytest.mark.parametrize(
    "origin", ["https://*.example.com", "example.com", "https://a.example/path", "javascript:alert(1)"]
)
def test_an_origin_that_is_none_is_refused_and_kept_in_the_box(staff, origin):
    page = staff("admin").send("/settings/origins", expect=422, origin=origin)
    assert "is not an origin" in page


def test_an_added_origin_may_send_and_a_removed_one_may_not(app, staff):
    browser = staff("admin")
    browser.send("/settings/origins", origin="https://shop.example:8443/")
    assert "https://shop.example:8443" in browser.open("/settings")
    browser.send("/settings/origins/remove", origin="https://shop.example:8443")
    assert 'value="https://shop.example:8443"' not in browser.open("/settings")


def test_a_wrong_zone_is_refused_with_a_sentence(staff):
    form = {"name": "Tern", "zone": "Mars/Base", "consent_mode": "open"}
    assert "There is no time zone" in staff("admin").send("/settings/site", expect=422, **form)


def test_a_name_that_is_no_plain_line_is_refused_with_a_sentence(staff):
    form = {"zone": "Europe/Oslo", "consent_mode": "open"}
    for name in ("Tern\nAir", "Tern\u202eriA"):
        assert "A name is one line" in staff("admin").send("/settings/site", expect=422, name=name, **form)
    who = {"email": "new@ternair.example", "name": "Ne\u202ew", "role": "viewer"}
    assert "A name is one line" in staff("admin").send("/settings/people", expect=422, **who)


def test_a_new_person_gets_a_link_that_is_shown_once(staff):
    page = staff("admin").send("/settings/people", email="new@ternair.example", name="New", role="viewer")
    assert re.search(r"http://widget.test/console/invitation/[\w.-]{50,}</code>", page)
    assert "new@ternair.example" in staff("admin").open("/settings")


def test_the_last_admin_stays(app, staff):
    page = staff("admin").open("/settings")
    admin = re.search(r"/settings/people/(\d+)/remove\"[^>]*>.{0,200}?admin@ternair.example", page, re.DOTALL)
    assert admin
    assert "at least one admin" in staff("admin").send(f"/settings/people/{admin[1]}/remove", expect=409)


def id_of(page, email):
    return re.search(rf'/settings/people/(\d+)/remove">Remove<span class="sr"> {email}', page)[1]


def test_the_last_admin_is_told_why_in_the_heading(staff):
    browser = staff("admin")
    admin = id_of(browser.open("/settings"), "admin@ternair.example")
    page = browser.send(f"/settings/people/{admin}", expect=409, role="viewer")
    assert "<h1>A site keeps at least one admin</h1>" in page
    assert "Make somebody else admin first." in page


def test_removing_somebody_is_asked_once_more_and_says_what_will_happen(staff):
    browser = staff("admin")
    viewer = id_of(browser.open("/settings"), "viewer@ternair.example")
    page = browser.open(f"/settings/people/{viewer}/remove")
    assert "Remove Viewer from Tern Air?" in page
    assert "They have no open case here." in page
    assert "viewer@ternair.example" in browser.open("/settings")
    browser.send(f"/settings/people/{viewer}/remove")
    assert "viewer@ternair.example" not in browser.open("/settings")


def test_taking_an_origin_away_is_asked_once_more(staff):
    browser = staff("admin")
    page = browser.open("/settings/origins/remove?origin=https://www.ternair.example")
    assert "Take away https://www.ternair.example?" in page
    assert 'name="origin" value="https://www.ternair.example"' in page
    assert "<h1>Settings</h1>" in browser.open("/settings/origins/remove?origin=https://nowhere.example")


@pytest.mark.parametrize("name", ["", "tern", "Tern Air."])
def test_a_site_closes_only_when_its_name_is_typed(staff, name):
    browser = staff("admin")
    page = browser.send("/settings/status", expect=422, status="closed", name=name)
    assert "Type the site’s name, Tern Air, to close it. Nothing was closed." in page
    assert "Closed: nothing is taken in" not in browser.open("/settings")


def test_a_closed_site_can_be_opened_again(staff):
    browser = staff("admin")
    page = browser.send("/settings/status", status="closed", name=" Tern Air ")
    assert "Closed: nothing is taken in" in page
    assert "Closed: nothing is taken in" not in browser.send("/settings/status", status="open")


def test_a_new_person_is_given_a_team(staff):
    browser = staff("admin")
    page = browser.open("/settings")
    team = re.search(r'<select class="field" id="p-team".*?<option value="(\w+)">([^<]+)', page, re.DOTALL)
    browser.send("/settings/people", email="new@ternair.example", name="New", role="support", team=team[1])
    row = browser.open("/settings").partition("new@ternair.example")[2].partition("</li>")[0]
    assert f'<option value="{team[1]}" selected>' in row


@pytest.mark.parametrize("role", ["product", "support", "viewer"])
def test_nobody_but_an_admin_changes_settings(staff, role):
    staff(role).send("/settings/origins", expect=403, origin="https://evil.example")
