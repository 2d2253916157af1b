"""Uploads are pictures or nothing: decoded, turned upright, encoded again by us. Nothing of the file is kept. Pure."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from widget_server.errors import TooLarge, WrongMediaType

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 10_000_000  # a 4K screenshot has 8.3 million
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


@dataclass(frozen=True)
class Picture:
    media_type: str
    width: int
    height: int
    digest: str
    content: bytes


def picture_from(upload: bytes) -> Picture:
    """The picture in an upload, as a PNG or JPEG of our own making without any metadata.

    Raises:
        TooLarge: more than 2 MB, or more than 10 million pixels.
        WrongMediaType: anything but a picture in one of FORMATS.
    """
    if len(upload) > MOST_BYTES:
        raise TooLarge("A picture may have 2 MB at most.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = Image.open(io.BytesIO(upload), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise TooLarge(f"The picture has far too many pixels: at most {MOST_PIXELS:,} in all.") from error
    except Exception as error:  # decoders fail in many ways on what is no picture
        raise WrongMediaType(f"Only pictures ({', '.join(FORMATS)}) can be attached.") from error
    width, height = opened.size
    most = MOST_PIXELS // 2 if opened.format == "WEBP" else MOST_PIXELS  # its decoder takes twice the memory
    if width * height > most or not width or not height:
        raise TooLarge(f"The picture has {width} × {height} pixels: at most {most:,} in all.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _encoded(opened)
    except Exception as error:
        raise WrongMediaType("The picture is damaged: it can't be decoded.") from error


def _encoded(opened: Image.Image) -> Picture:
    """Each step lets go of the picture before it, so that one copy is in memory at a time, or two while one is made."""
    lossy = opened.format == "JPEG"
    opened.seek(0)
    clear = not lossy and (opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info)
    wanted = "RGBA" if clear else "RGB"
    pixels = opened if opened.mode == wanted else opened.convert(wanted)
    ImageOps.exif_transpose(pixels, in_place=True)
    pixels.info.clear()
    out = io.BytesIO()
    if lossy:
        pixels.save(out, "JPEG", quality=85, exif=b"")
    else:
        pixels.save(out, "PNG", exif=b"")
    content = out.getvalue()
    media_type = "image/jpeg" if lossy else "image/png"
    return Picture(media_type, pixels.width, pixels.height, hashlib.sha256(content).hexdigest(), content)
