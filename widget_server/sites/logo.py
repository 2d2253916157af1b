"""A site's logo: a small PNG of our own making in the site's theme, with its words and a ground that it shows on. Pure."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageStat

from widget_server.sites.theme import contrast

HIGHEST, WIDEST = 96, 480  # pixels: four times what is drawn
MOST_BYTES = 40_000
LONGEST_WORDS = 100
PLATES = ("#ffffff", "#152022")
SEEN = 128  # alpha from which a pixel counts


@dataclass(frozen=True)
class Logo:
    """`plate`: the ground that it contrasts more with; drawn behind it, so that it shows on dark panels too."""

    content: bytes
    alt: str
    width: int
    height: int
    plate: str

    @property
    def tag(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:16]

    def as_kept(self) -> dict[str, Any]:
        words = {"alt": self.alt, "width": self.width, "height": self.height, "plate": self.plate}
        return {"png": base64.b64encode(self.content).decode("ascii"), **words}

    def as_told(self, key: str) -> dict[str, Any]:
        """What the widget is told, of the site with this key."""
        words = {"alt": self.alt, "width": self.width, "height": self.height, "plate": self.plate}
        return {"url": f"/v1/sites/{key}/logo/{self.tag}", **words}


def logo_of(theme: Mapping[str, Any]) -> Logo | None:
    """The logo that a stored theme holds, if it does."""
    said = theme.get("logo")
    if not isinstance(said, Mapping):
        return None
    try:
        content = base64.b64decode(said["png"], validate=True)
        return Logo(content, str(said["alt"]), int(said["width"]), int(said["height"]), str(said["plate"]))
    except (LookupError, TypeError, ValueError):
        return None


def drawn(picture: bytes, alt: str) -> Logo:
    """A logo of a picture that was decoded and encoded by us before: small, upright, and light to load."""
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGBA")
    if box := image.getchannel("A").point(lambda alpha: 255 if alpha >= SEEN else 0).getbbox():
        image = image.crop(box)  # clear edges would only make it smaller
    plate = max(PLATES, key=lambda ground: contrast(_colour(image), ground))
    height, width = HIGHEST, WIDEST
    while True:
        image.thumbnail((width, height), Image.Resampling.LANCZOS)
        content = _png(image)
        if len(content) <= MOST_BYTES or height <= HIGHEST // 4:
            return Logo(content, alt, image.width, image.height, plate)
        height, width = height // 2, width // 2


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _colour(image: Image.Image) -> str:
    """The mean colour of what can be seen of it."""
    seen = image.getchannel("A").point(lambda alpha: 255 if alpha >= SEEN else 0)
    if not seen.getbbox():
        return PLATES[1]
    red, green, blue = ImageStat.Stat(image.convert("RGB"), mask=seen).mean
    return f"#{round(red):02x}{round(green):02x}{round(blue):02x}"
