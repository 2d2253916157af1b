"""A picture of the page: taken on demand, what is private covered in it, marked, seen before it is sent, sent with Send."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from tests.axe import faults
from tests.widget.conftest import OnPage
from tests.widget.rich_page import RichPage
from widget_server.intake.pictures import picture_from

pytestmark = pytest.mark.browser

GREY, WHITE = (154, 160, 166), (255, 255, 255)


class Photographing(OnPage):
    def begins(self, path: str = "/pay", scrolled: int = 800) -> None:
        self.goes_to(path)
        self.page.evaluate(f"scrollTo(0, {scrolled})")
        self.part("launcher").click()
        self.part("send").click()
        self.part("shot-take").wait_for()

    def takes(self) -> None:
        self.part("shot-take").click()
        expect(self.part("editor")).to_be_visible(timeout=30_000)

    def draws(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """From here to there, in parts of the picture."""
        box = self.page.locator("[data-part=stage] canvas").bounding_box()
        assert box
        for number, (x, y) in enumerate((start, end)):
            self.page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=3)
            if number == 0:
                self.page.mouse.down()
        self.page.mouse.up()

    def uses(self) -> None:
        self.part("edit-use").click()
        expect(self.page.locator("[data-part=preview] canvas")).to_be_visible(timeout=30_000)

    def sends(self, words: str = "See the picture") -> None:
        self.part("send").click()
        self.page.locator("[data-question=comment] textarea").fill(words)
        self.part("send").click()
        expect(self.part("thanks")).to_be_visible()

    def where(self, selector: str) -> tuple[int, int, int, int]:
        box = self.page.locator(selector).first.bounding_box()
        assert box
        left, top = round(box["x"]), round(box["y"])
        return left, top, left + round(box["width"]), top + round(box["height"])


def sent_picture(host: RichPage) -> tuple[dict[str, str], Image.Image]:
    (form,) = host.pictures
    fields = dict(re.findall(rb'name="(id|secret)"\r\n\r\n([^\r]+)', form))
    start = form.index(b"\r\n\r\n", form.index(b'name="file"')) + 4
    made = picture_from(form[start : form.rindex(b"\r\n--")])
    picture = Image.open(io.BytesIO(made.content)).convert("RGB")
    return {name.decode(): value.decode() for name, value in fields.items()}, picture


def colours_in(picture: Image.Image, box: tuple[int, int, int, int]) -> set[tuple[int, int, int]]:
    """Whatever is a good way inside the box."""
    left, top, right, bottom = box
    inner = picture.crop((left + 2, top + 2, right - 2, bottom - 2))
    return {colour for _, colour in inner.getcolors(1_000_000) or []}  # type: ignore[misc]


@pytest.fixture
def host() -> Iterator[RichPage]:
    host = RichPage()
    yield host
    host.stop()


@pytest.fixture
def camera(visitor: BrowserContext, host: RichPage) -> Photographing:
    return Photographing(visitor.new_page(), host)


@pytest.mark.parametrize("path", ["/pay", "/strict"])
def test_what_is_private_is_covered_and_what_is_drawn_is_burnt_in(camera: Photographing, host: RichPage, path: str) -> None:
    camera.begins(path)
    private = ["#card", "textarea[name=notes]", "#editable", "#private", "a[href='#own'] b", "iframe", "my-card input"]
    covered = {selector: camera.where(selector) for selector in private}
    header, bar = camera.where("header"), camera.where("div.bar")
    camera.takes()
    camera.draws((0.5, 0.9), (0.6, 0.97))
    camera.part("edit-hide").click()
    camera.draws((0.8, 0.4), (0.9, 0.5))
    camera.uses()
    assert host.pictures == []
    camera.sends()
    expect(camera.part("picture")).to_have_text("Your picture has arrived.")
    held, picture = sent_picture(host)
    (answer,) = host.finished()
    assert held == {"id": answer["id"], "secret": answer["secret"]}
    assert re.fullmatch(r"[0-9a-f-]{36}", answer["answers"]["shot"])
    assert picture.size == (1280, 800)
    for selector, box in covered.items():
        if box[3] <= 800:
            assert {GREY} <= colours_in(picture, box) <= {GREY, WHITE}, selector  # nothing of it but its place
    assert (0x12, 0x34, 0x56) in colours_in(picture, header)  # sticky: where it was seen
    assert (0, 0x66, 0) in colours_in(picture, bar)  # fixed
    assert colours_in(picture, (1030, 325, 1145, 395)) == {(0, 0, 0)}
    assert (0xE8, 0x59, 0x0C) in colours_in(picture, (630, 710, 780, 790))
    assert camera.errors == []


def test_it_can_be_marked_undone_changed_and_removed_by_key_alone(camera: Photographing, host: RichPage) -> None:
    camera.begins()
    expect(camera.part("step")).to_match_aria_snapshot('''
      - group "Would a picture help?":
        - paragraph: Fields and private parts are covered first. You see the picture before it is sent.
        - button "Take a picture of this page"
      - button "Next"''')
    press = camera.page.keyboard.press
    camera.part("shot-take").focus()
    press("Enter")
    camera.part("editor").wait_for(timeout=30_000)
    expect(camera.part("edit-light")).to_be_focused()
    assert faults(camera.page, "feedback-widget") == []
    press("Tab")
    press("Enter")
    expect(camera.part("stage")).to_be_focused()
    for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Enter"):
        press(key)
    expect(camera.part("edit-told")).to_have_text("Hidden.")
    press("Shift+Tab")
    expect(camera.part("edit-undo")).to_be_focused()
    press("Enter")
    expect(camera.part("edit-told")).to_have_text("Undone.")
    camera.part("edit-use").focus()
    press("Enter")
    expect(camera.part("shot-edit")).to_be_focused(timeout=30_000)  # a browser makes the file when it has time
    press("Enter")
    camera.part("editor").wait_for()
    press("Escape")
    expect(camera.part("panel")).to_be_visible()
    assert faults(camera.page, "feedback-widget") == []
    camera.part("shot-drop").click()
    expect(camera.part("shot-take")).to_be_focused()
    camera.sends("no picture after all")
    assert (host.pictures, "shot" in host.finished()[0]["answers"]) == ([], False)


def test_a_page_that_forbids_drawn_pictures_says_so_and_takes_one_from_the_device(
    camera: Photographing, host: RichPage
) -> None:
    camera.begins("/closed")
    camera.part("shot-take").click()
    expect(camera.part("shot-told")).to_contain_text("That did not work.", timeout=30_000)
    own = io.BytesIO()
    Image.new("RGB", (3000, 2000), "teal").save(own, "PNG")
    with camera.page.expect_file_chooser() as chooser:
        camera.part("shot-file").click()
    chooser.value.set_files({"name": "own.png", "mimeType": "image/png", "buffer": own.getvalue()})
    camera.part("editor").wait_for(timeout=30_000)
    camera.uses()
    camera.sends()
    expect(camera.part("picture")).to_have_text("Your picture has arrived.")
    _, picture = sent_picture(host)
    assert picture.size[0] * picture.size[1] <= 4_100_000


def test_what_is_no_picture_is_told_and_the_words_go_without(camera: Photographing, host: RichPage) -> None:
    camera.begins("/closed")
    camera.part("shot-take").click()
    expect(camera.part("shot-told")).to_contain_text("That did not work.", timeout=30_000)
    with camera.page.expect_file_chooser() as chooser:
        camera.part("shot-file").click()
    chooser.value.set_files({"name": "x.png", "mimeType": "image/png", "buffer": b"<svg/>"})
    expect(camera.part("shot-told")).to_contain_text("go on without")
    camera.sends()
    assert host.finished()[0]["answers"] == {"comment": "See the picture"}


def test_when_the_picture_is_not_taken_in_the_words_are_and_it_can_be_tried_again(
    camera: Photographing, host: RichPage
) -> None:
    camera.begins()
    camera.takes()
    camera.uses()
    host.picture_status = 413
    camera.sends()
    expect(camera.part("picture")).to_contain_text("Your words have arrived, your picture has not.")
    host.picture_status = 202
    camera.part("picture-again").click()
    expect(camera.part("picture")).to_have_text("Your picture has arrived.")
    assert len(host.pictures) == len(host.finished()) == 1


def test_a_reload_keeps_the_words_and_no_picture(camera: Photographing, host: RichPage) -> None:
    camera.begins()
    camera.takes()
    camera.uses()
    assert json.loads(camera.page.evaluate("sessionStorage['fw:K:draft:feedback']"))["answers"]["shot"]
    camera.begins()
    expect(camera.part("shot-take")).to_be_visible()
    camera.sends()
    assert (host.pictures, "shot" in host.finished()[0]["answers"]) == ([], False)
