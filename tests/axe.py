"""What axe-core finds wrong with a page, by all of its rules, or with a part of it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Sizes = dict[int, tuple[str, ...]]
"""Widths, each with the colour schemes to look in."""

# Of what axe loads ahead: not the style sheets, which only a rule that is an experiment, and off, would read.
RUN = """async ([part, options]) => {
  if (typeof axe === 'undefined') return null;
  const roots = [document, ...[...document.querySelectorAll('*')].map((el) => el.shadowRoot).filter((root) => root)];
  const moving = roots.flatMap((root) => root.getAnimations())
    .filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
  moving.forEach((one) => one.finish());
  await new Promise((go) => setTimeout(go));
  const asked = {preload: {assets: ['media']}, resultTypes: ['violations'], ...options};
  const {violations} = await axe.run(...(part ? [part] : []), asked);
  return violations.flatMap(({id, nodes}) =>
    nodes.map(({target, html}) => `${id} at ${target.join(' ')}: ${html.slice(0, 160)}`));
}"""
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules that read colours: two thirds of what axe takes, and all that another scheme can break at the same width."""
BUT_COLOURS = {"rules": {rule: {"enabled": False} for rule in COLOURS}}
ONLY_COLOURS = {"runOnly": list(COLOURS)}


def faults(page: Page, part: str | None = None, options: dict[str, Any] | None = None) -> list[str]:
    """Each as a sentence, of the page at rest: what fades or slides is brought to its end. To wait for that had
    no end in two runs of four. The half megabyte of axe is put into a page once, and only what is wrong comes back."""
    found: list[str] | None = page.evaluate(RUN, [part, options or {}])
    if found is None:
        page.evaluate(Axe().axe_script)
        found = page.evaluate(RUN, [part, options or {}])
    assert found is not None
    return found


def faults_at(page: Page, sizes: Sizes) -> list[str]:
    """At each width in each scheme, with what runs over it: in the second scheme by what colours are for alone."""
    found = []
    for width, schemes in sizes.items():
        page.set_viewport_size({"width": width, "height": 844})
        for place, scheme in enumerate(schemes):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            said = faults(page, options=ONLY_COLOURS if place else None)
            wide = page.evaluate("document.documentElement.scrollWidth")
            said += [f"is {wide} wide"] if wide > width else []
            found += [f"{page.url}, {scheme}, {width}: {one}" for one in said]
    return found
