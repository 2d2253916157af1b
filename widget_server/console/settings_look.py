"""What the widget looks like and where its button stands, with the real widget beside the form. Part of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Response as Answered
from flask import flash, make_response, redirect, render_template, request, url_for

from widget_server.accounts.operations import audit
from widget_server.console.frame import actor, command, here, screen
from widget_server.console.headers import FRAMED, FRAMES, allowing
from widget_server.database import writing
from widget_server.desk.look import remove_logo, set_logo
from widget_server.errors import BadShape, Refusal
from widget_server.sites import theme
from widget_server.sites.logo import LONGEST_WORDS, logo_of
from widget_server.sites.models import Site
from widget_server.sites.placement import POSITIONS, USUAL
from widget_server.sites.queries import forget, read_public_site
from widget_server.surveys import wire
from widget_server.surveys.queries import live_surveys

COLOURS = {"accent": "Accent: button and marks", "ground": "Ground", "ink": "Ink: words"}
FONTS = {"system": "The system’s font", "inherit": "The font of the page"}
SCHEMES = {
    "auto": "As the page: light or dark like it",
    "light": "Always light",
    "dark": "Always dark",
}
LABELS = {
    "position": "Where it stands",
    "opener": "Elements of your pages that open it too",
    **{name: f"{words} (light pages)" for name, words in COLOURS.items()},
    **{f"dark_{name}": f"{words} (dark pages)" for name, words in COLOURS.items()},
    "radius": "Radius of the corners, in pixels",
    "font": "Font",
    "scheme": "Light or dark",
    "logo": "Logo",
    "alt": "What it says, for those who can’t see it",
}
"""What a field is called where it stands and where it is told to be wrong, in the order of the page."""
LONGEST_SELECTOR = 300


@screen("/settings/look", "settings.read")
def look() -> Answered:
    """The form as it is stored, with the widget beside it."""
    return _page(_stored(here().site))


@screen("/settings/look/sample", "settings.read")
def look_sample() -> Answered:
    """Widget and contrasts for what stands in the form now; nothing is stored."""
    typed = _typed(request.args)
    return make_response(render_template("console/settings_look_sample.html", **_shown(typed)))


@screen("/settings/look/preview", "settings.read")
def look_preview() -> Answered:
    """A small page with the real widget on it, drawn from the form; it sends nothing."""
    typed = _typed(request.args)
    public = read_public_site(here().site.key)
    assert public is not None
    position = typed["position"] if typed["position"] in POSITIONS else USUAL[0]
    shown = replace(public, theme=_theme(typed) | _logo(here().site), button_position=position, button_opener=None)
    config = wire.config(shown, live_surveys(public.id))
    for survey in config["surveys"]:
        survey["triggers"] = []
    page = render_template("console/settings_look_preview.html", config=config, scheme=typed["scheme"])
    return allowing(make_response(page), FRAMED)


@command("/settings/look", "settings.work")
def put_look() -> Answered:
    """Store it; or, with `mend`, put what contrasts enough into the form."""
    typed = _typed(request.form)
    if request.form.get("mend"):
        return _page(typed | _form_of(theme.mended(_theme(typed))), mended=True)
    wrongs = _wrongs(typed)
    if wrongs:
        return _page(typed, wrongs=wrongs, status=422)
    with writing():
        site = here().site
        site.theme = _theme(typed) | _logo(site)
        site.button_position, site.button_opener = typed["position"], typed["opener"] or None
        forget()
        audit("look.changed", user=actor(), site_id=site.id, subject=site.button_position)
    return _saved()


@command("/settings/look/logo", "settings.work")
def put_logo() -> Answered:
    """Take a picture as the site's logo; or, with `remove`, take it away."""
    upload, alt = request.files.get("logo"), request.form.get("alt", "")
    try:
        with writing():
            site = here().site
            if request.form.get("remove"):
                remove_logo(site)
            else:
                set_logo(site, upload.read() if upload else b"", alt)
            forget()
            audit("look.changed", user=actor(), site_id=site.id, subject="logo")
    except Refusal as refused:
        wrong = "alt" if isinstance(refused, BadShape) else "logo"
        return _page(_stored(here().site) | {"alt": alt[:LONGEST_WORDS]}, wrongs={wrong: refused.detail}, status=422)
    return _saved()


def _saved() -> Answered:
    flash("Saved. Pages take it over within a minute.")
    return make_response(redirect(url_for("console.look"), 303))


Typed = dict[str, str]
NAMES = ("position", "opener", "radius", "font", "scheme", *COLOURS, *(f"dark_{name}" for name in COLOURS))


def _typed(given: Mapping[str, str]) -> Typed:
    return {name: given.get(name, "").strip()[: LONGEST_SELECTOR + 1] for name in NAMES}


def _stored(site: Site) -> Typed:
    logo = logo_of(site.theme)
    alt = logo.alt if logo else site.name
    kept = {"position": site.button_position, "opener": site.button_opener or "", "alt": alt}
    return dict.fromkeys(NAMES, "") | _form_of(site.theme) | kept


def _logo(site: Site) -> dict[str, Any]:
    """The part of the theme that the form of the colours leaves as it is."""
    return {name: said for name, said in site.theme.items() if name == "logo"}


def _form_of(said: Mapping[str, Any]) -> Typed:
    """A theme as the form's fields; what is not said stays empty and shows our own."""
    whole = theme.compute(said)
    dark = said.get("dark") if isinstance(said.get("dark"), Mapping) else {}
    fields = {name: str(said.get(name) or "") for name in COLOURS}
    fields |= {f"dark_{name}": str((dark or {}).get(name) or "") for name in COLOURS}
    return fields | {"radius": str(whole.radius), "font": whole.font, "scheme": whole.scheme}


def _theme(typed: Typed) -> dict[str, Any]:
    """The theme that the form says; what can't be read is left out of it."""
    said: dict[str, Any] = {name: theme.read_colour(typed[name]) for name in COLOURS}
    said["dark"] = {name: colour for name in COLOURS if (colour := theme.read_colour(typed[f"dark_{name}"]))}
    said["radius"] = int(typed["radius"]) if _is_radius(typed["radius"]) else None
    said |= {name: typed[name] for name, known in (("font", FONTS), ("scheme", SCHEMES)) if typed[name] in known}
    return {name: value for name, value in said.items() if value not in (None, {})}


def _is_radius(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= theme.LARGEST_RADIUS


def _wrongs(typed: Typed) -> dict[str, str]:
    """Field → why it can't be stored, with what to write instead."""
    wrongs = {
        name: "Write a colour as in #0b5d63, or leave it empty for ours."
        for name in (*COLOURS, *(f"dark_{name}" for name in COLOURS))
        if typed[name] and theme.read_colour(typed[name]) is None
    }
    if typed["radius"] and not _is_radius(typed["radius"]):
        wrongs["radius"] = f"Give whole pixels from 0 to {theme.LARGEST_RADIUS}."
    for name, known in (("font", FONTS), ("scheme", SCHEMES), ("position", POSITIONS)):
        if typed[name] not in known:
            wrongs[name] = "Choose one of the list."
    if len(typed["opener"]) > LONGEST_SELECTOR or not typed["opener"].isprintable():
        wrongs["opener"] = f"Write a CSS selector of at most {LONGEST_SELECTOR} letters, such as .help-link."
    return wrongs


def _in_order(wrongs: dict[str, str]) -> dict[str, str]:
    """As they stand on the page, so that the first one told is the first one met."""
    return {name: wrongs[name] for name in LABELS if name in wrongs}


def _shown(typed: Typed) -> dict[str, Any]:
    said = _theme(typed)
    whole = theme.compute(said)
    public = read_public_site(here().site.key)
    asks = public is not None and any(one.definition.purpose == "listen" for one in live_surveys(public.id))
    address = f"{url_for('console.look_preview')}?{urlencode({name: value for name, value in typed.items() if value})}"
    return {"preview": address, "contrasts": theme.contrasts(whole), "advice": whole.advice, "asks": asks}


def _page(
    typed: Typed, *, wrongs: dict[str, str] | None = None, mended: bool = False, status: int = 200
) -> Answered:
    page = render_template(
        "console/settings_look.html",
        typed=typed, wrongs=_in_order(wrongs or {}), labels=LABELS, mended=mended, colours=COLOURS,
        fonts=FONTS, schemes=SCHEMES, positions=POSITIONS,
        logo=logo_of(here().site.theme), key=here().site.key, longest_words=LONGEST_WORDS,
        ours={"": theme.LIGHT, "dark_": theme.DARK}, largest=theme.LARGEST_RADIUS, longest=LONGEST_SELECTOR, **_shown(typed),
    )  # fmt: skip
    return allowing(make_response(page, status), FRAMES)
