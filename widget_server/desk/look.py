"""What staff do to a site's look beyond its colours: the logo, taken in as any other picture is."""

from __future__ import annotations

from widget_server.errors import BadShape
from widget_server.intake.pictures import picture_from
from widget_server.sites.logo import LONGEST_WORDS, drawn
from widget_server.sites.models import Site


def set_logo(site: Site, upload: bytes, alt: str) -> None:
    """Put the picture into the site's theme, made anew.

    Raises:
        BadShape: no words for those who can't see it, or too many.
        TooLarge, WrongMediaType: the upload is no picture that we take.
    """
    alt = " ".join(alt.split())
    if not alt or len(alt) > LONGEST_WORDS:
        raise BadShape(f"Say in 1 to {LONGEST_WORDS} letters what the logo says, for those who can't see it.")
    site.theme = {**site.theme, "logo": drawn(picture_from(upload).content, alt).as_kept()}


def remove_logo(site: Site) -> None:
    site.theme = {name: said for name, said in site.theme.items() if name != "logo"}
