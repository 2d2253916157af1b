"""An admin sets what the widget looks like and where its button stands, with the widget itself beside the form."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import urlencode

import pytest

from widget_server.sites.queries import read_public_site
from widget_server.surveys import wire
from widget_server.surveys.queries import live_surveys

FORM = {"position": "tab-end", "opener": ".help", "radius": "12", "font": "inherit", "scheme": "auto", "accent": "#0a5"}


def config(app):
    return app.test_client().get("/v1/sites/ternair/config").get_json()


def test_what_is_saved_is_what_pages_get_and_stands_in_the_audit_log(app, staff):
    browser = staff("admin")
    browser.send("/settings/look", **FORM)
    page = browser.open("/settings/look")
    assert 'value="#00aa55"' in page
    assert re.search(r'value="tab-end" selected', page)
    assert "changed what the widget looks like" in browser.open("/audit")
    with app.app_context():
        site = read_public_site("ternair")
        told = wire.config(site, live_surveys(site.id))
    assert told["places"] == "*"
    assert told["button"] | {"label": {}} == told["button"] | {
        "position": "tab-end", "hidden": True, "opened_by": ".help", "label": {},
    }
    assert (told["theme"]["radius"], told["theme"]["font"], told["theme"]["light"]["accent"]) == (12, "inherit", "#00aa55")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("accent", "url(x)", "Write a colour as in #0b5d63"),
        ("dark_ink", "red", "Write a colour as in #0b5d63"),
        ("radius", "25", "Give whole pixels from 0 to 24."),
        ("radius", "-1", "Give whole pixels"),
        ("position", "middle", "Choose one of the list."),
        ("scheme", "sepia", "Choose one of the list."),
        ("opener", "x" * 301, "Write a CSS selector of at most 300 letters"),
        ("opener", ".a\0", "Write a CSS selector"),
    ],
)
def test_what_cant_be_used_is_refused_beside_its_field_and_kept_in_it(app, staff, field, value, says):
    page = staff("admin").send("/settings/look", expect=422, **FORM | {field: value})
    assert says in page
    assert f'id="l-{field}-wrong"' in page
    told = r'<div class="notice severe" role="alert"><strong>Nothing was saved.</strong><ul><li><a href="#l-'
    assert re.search(rf'{told}{field}">', page)
    assert re.search(rf'id="l-{field}"[^>]* autofocus', page)
    assert "places" not in config(app)


def test_of_several_wrong_fields_the_first_of_the_page_is_told_first_and_gets_the_focus(app, staff):
    page = staff("admin").send("/settings/look", expect=422, **FORM | {"radius": "99", "ink": "red", "position": "middle"})
    assert re.findall(r'<li><a href="#l-([a-z_]+)">', page) == ["position", "ink", "radius"]
    assert re.findall(r'id="l-([a-z_]+)"[^>]* autofocus', page) == ["position"]


def test_too_little_contrast_is_told_and_mended_by_one_press(app, staff):
    pale = FORM | {"accent": "#ffee99", "ground": "#ffffff", "ink": "#bbbbbb"}
    sample = staff("admin").open(f"/settings/look/sample?{urlencode(pale)}")
    assert "accent against ground is 1.2 and lines need 3" in sample
    assert "too little" in sample
    page = staff("admin").send("/settings/look", expect=200, mend="1", **pale)
    assert "Nothing is stored yet" in page
    assert "All contrasts hold." in page
    assert "places" not in config(app)


def test_the_preview_is_the_real_widget_with_the_look_of_the_form(staff):
    page = staff("admin").open("/settings/look/preview?accent=%23aa0000&position=top-end&scheme=dark")
    told = json.loads(html.unescape(re.search(r'data-config="([^"]*)"', page)[1]))
    assert told["theme"]["light"]["accent"] == "#aa0000"
    assert told["button"]["position"] == "top-end"
    assert all(survey["triggers"] == [] for survey in told["surveys"])
    assert 'src="/widget.js"' in page


JUNK = (f"?accent={'x' * 9000}", "?position=%00&radius=9999", "?scheme=<script>", "?opener=%3Cb%3E")


@pytest.mark.parametrize("junk", JUNK)
def test_a_preview_of_nonsense_is_a_preview_of_our_own_look(staff, junk):
    for path in ("/settings/look/preview", "/settings/look/sample"):
        page = staff("admin").open(path + junk)
        assert "<script>" not in page
        assert "<b>" not in page
