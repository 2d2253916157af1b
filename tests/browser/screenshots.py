"""`./dev screenshots`: pictures of every screen, light and dark, at 1280 and 390 px, from a fresh demo, into docs/pictures/.

With names as arguments only those screens: `./dev screenshots console-case receipt`.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.people import People
from tests.browser.screens import SCREENS, Screen
from tests.conftest import REPOSITORY
from tests.live import Live, launch, make_live

FOLDER = REPOSITORY / "docs" / "pictures"
SIZES = ((1280, 860), (390, 844))
COLOURS = 128
"""Enough for what we draw; a third of the bytes."""


def main(names: list[str]) -> None:
    wanted = [screen for screen in SCREENS if not names or screen.name in names]
    wanted.sort(key=lambda screen: screen.role is None)  # visitors' screens add to what the desk shows
    with tempfile.TemporaryDirectory() as folder:
        live = make_live(Path(folder), history=True)
        live.start()
        try:
            with sync_playwright() as playwright:
                browser = launch(playwright.chromium)
                people = People(browser, live)
                for screen in wanted:
                    take(screen, browser, people, live)
                browser.close()
        finally:
            live.stop()
    print(f"{len(wanted)} screens are in {FOLDER}")


def take(screen: Screen, browser: Browser, people: People, live: Live) -> None:
    for width, height in SIZES:
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                reduced_motion="reduce",
                locale="en-GB",
                **people.state(screen.role),
            )
            page = context.new_page()
            screen.reach(page, live)
            keep(page.screenshot(), FOLDER / f"{screen.name}-{width}-{scheme}.png")
            context.close()


def keep(picture: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
