"""An admin gives the site a logo: made anew, served from our own address, and told to the widget with its words."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from widget_server.sites.logo import MOST_BYTES, drawn


def picture(colour=(0, 0, 0, 0), mark=(20, 40, 75, 255), size=(1200, 300), kind="PNG"):
    """A mark in the middle of an empty ground."""
    image = Image.new("RGBA", size, colour)
    image.paste(mark, (size[0] // 4, size[1] // 4, 3 * size[0] // 4, 3 * size[1] // 4))
    out = io.BytesIO()
    (image if kind == "PNG" else image.convert("RGB")).save(out, kind)
    return out.getvalue()


def told(app):
    return app.test_client().get("/v1/sites/ternair/config").get_json()


def test_a_logo_is_made_anew_served_and_told_to_pages_and_goes_again(app, staff):
    browser = staff("admin")
    sent = picture()
    page = browser.send("/settings/look/logo", logo=(io.BytesIO(sent), "../evil.svg"), alt=" Tern  Air ")
    assert "Saved. Pages take it over" in page
    assert 'alt="Tern Air"' in page
    browser.send("/settings/look", position="bottom-right", opener="", radius="6", font="system", scheme="auto")
    app.wsgi_app._sites._kept.clear()
    config = told(app)
    logo = config["theme"]["logo"]
    assert {name: logo[name] for name in ("alt", "plate", "width", "height")} == {
        "alt": "Tern Air", "plate": "#ffffff", "width": 384, "height": 96,
    }  # fmt: skip
    assert config["places"] == "*", "the chunk that draws it comes"
    got = app.test_client().get(logo["url"])
    assert (got.status_code, got.content_type) == (200, "image/png")
    assert "immutable" in got.headers["Cache-Control"]
    assert got.data not in (sent, b"")
    assert Image.open(io.BytesIO(got.data)).size == (384, 96)
    assert app.test_client().get(logo["url"][:-1] + "0").status_code == 404
    assert app.test_client().get("/v1/sites/nobody/logo/0").status_code == 404
    assert "logo" in browser.open("/audit")
    browser.send("/settings/look/logo", remove="1")
    app.wsgi_app._sites._kept.clear()
    assert "logo" not in told(app)["theme"]


@pytest.mark.parametrize(
    ("upload", "alt", "says"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "Tern Air", "Only pictures"),
        (b"", "Tern Air", "Only pictures"),
        (picture()[:200], "Tern Air", "damaged"),
        (picture(), " ", "Say in 1 to 100 letters"),
        (picture(), "x" * 101, "Say in 1 to 100 letters"),
    ],
)
def test_what_is_no_logo_is_refused_beside_its_field(app, staff, upload, alt, says):
    page = staff("admin").send("/settings/look/logo", expect=422, logo=(io.BytesIO(upload), "logo.png"), alt=alt)
    assert says in page
    assert "logo" not in told(app)["theme"]


@pytest.mark.parametrize(
    ("mark", "ground", "plate"),
    [((255, 255, 255, 255), (0, 0, 0, 0), "#152022"), ((10, 10, 60, 255), (0, 0, 0, 0), "#ffffff"),
     ((0, 0, 0, 0), (0, 0, 0, 0), "#ffffff")],
)  # fmt: skip
def test_its_plate_is_the_one_that_it_shows_on(mark, ground, plate):
    assert drawn(picture(ground, mark), "Tern Air").plate == plate


def test_a_picture_of_noise_becomes_light_all_the_same():
    noise = io.BytesIO()
    Image.effect_noise((900, 900), 90).convert("RGB").save(noise, "PNG")
    logo = drawn(noise.getvalue(), "Noise")
    assert len(logo.content) <= MOST_BYTES
