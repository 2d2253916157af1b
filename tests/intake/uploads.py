"""Files that somebody may send for a picture: real ones, others dressed up as one, and pictures made to hurt."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image, PngImagePlugin

SCRIPT = b"<script>alert(1)</script>"
HTML = b"<!doctype html><html><body>" + SCRIPT
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>"


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "teal" if mode == "RGB" else 1).save(out, kind, **more)
    return out.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, rows: bytes = b"", colour: int = 2, *extra: bytes) -> bytes:
    """A PNG that claims a size, whatever its rows hold."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
    body = b"".join(extra) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + body


def with_text() -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", SCRIPT.decode())
    told.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>59.9139 N, 10.7522 E</x:xmpmeta>")
    return picture(pnginfo=told)


def with_exif(kind: str) -> bytes:
    exif = Image.Exif()
    exif[0x010E], exif[0x0112], exif[0x8825] = "secret place", 6, {1: "N", 2: (59.0, 54.0, 50.0)}
    return picture(kind, exif=exif)


def zipped(name: str = "x.html", content: bytes = HTML) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def animated(kind: str, frames: int) -> bytes:
    out = io.BytesIO()
    first, *others = [Image.new("RGB", (20, 20), (shade, 0, 0)) for shade in range(frames)]
    first.save(out, kind, save_all=True, append_images=others)
    return out.getvalue()


def riff(width: int, height: int) -> bytes:
    """A WEBP that claims a size in its extended header, with nothing in it."""
    sides = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    extended = b"VP8X" + struct.pack("<I", 10) + b"\x10\0\0\0" + sides
    return b"RIFF" + struct.pack("<I", 4 + len(extended)) + b"WEBP" + extended


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG whose frame claims another size than it has."""
    whole = bytearray(picture("JPEG"))
    frame = whole.index(b"\xff\xc0")
    whole[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(whole)


def gif_of(width: int, height: int) -> bytes:
    whole = bytearray(picture("GIF", mode="P"))
    whole[6:10] = struct.pack("<HH", width, height)
    return bytes(whole)


BOMB_ROWS = bytes(2_000_000)

TAKEN: dict[str, Callable[[], bytes]] = {
    "png": picture,
    "png with transparency": lambda: picture(mode="RGBA"),
    "png in greys": lambda: picture(mode="L"),
    "png of one bit": lambda: picture(mode="1"),
    "png of sixteen bits": lambda: picture(mode="I;16"),
    "png with a palette": lambda: picture(mode="P"),
    "png with text in it": with_text,
    "png, then a script": lambda: picture() + SCRIPT,
    "png, then a zip": lambda: picture() + zipped(),
    "png, then a pdf": lambda: picture() + b"%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>",
    "png with a private chunk": lambda: png(2, 1, b"\0" * 7, 2, chunk(b"haXx", HTML)),
    "jpeg": lambda: picture("JPEG"),
    "jpeg with a place and a turn": lambda: with_exif("JPEG"),
    "jpeg with a comment": lambda: picture("JPEG", comment=SCRIPT),
    "jpeg, then php": lambda: picture("JPEG") + b"<?php system($_GET[0]); ?>",
    "jpeg in four inks": lambda: picture("JPEG", mode="CMYK"),
    "webp": lambda: picture("WEBP"),
    "webp with a place": lambda: with_exif("WEBP"),
    "gif": lambda: picture("GIF", mode="P"),
    "gif that moves": lambda: animated("GIF", 5),
    "gif, then javascript": lambda: picture("GIF", mode="P") + b"/*" + HTML + b"*/=1;alert(1)",
    "the longest side": lambda: picture(size=(10_000, 1_000)),
}
REFUSED: dict[str, tuple[Callable[[], bytes], int]] = {
    "nothing": (lambda: b"", 415),
    "one byte": (lambda: b"\x89", 415),
    "a text": (lambda: b"not a picture", 415),
    "svg": (lambda: SVG, 415),
    "svg with a declaration": (lambda: b"<?xml version='1.0'?>" + SVG, 415),
    "svg, gzipped": (lambda: gzip.compress(SVG), 415),
    "svg behind a byte order mark": (lambda: b"\xef\xbb\xbf" + SVG, 415),
    "html": (lambda: HTML, 415),
    "html behind a png's first bytes": (lambda: b"\x89PNG\r\n\x1a\n" + HTML, 415),
    "javascript behind GIF89a": (lambda: b"GIF89a=1;alert(1)//", 415),
    "pdf": (lambda: b"%PDF-1.7\n1 0 obj", 415),
    "zip": (zipped, 415),
    "a program": (lambda: b"\x7fELF" + bytes(200), 415),
    "postscript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(ls) run", 415),
    "bmp": (lambda: picture("BMP"), 415),
    "tiff": (lambda: picture("TIFF"), 415),
    "ico": (lambda: picture("ICO"), 415),
    "jpeg 2000": (lambda: picture("JPEG2000"), 415),
    "tga": (lambda: picture("TGA"), 415),
    "pcx": (lambda: picture("PCX"), 415),
    "ppm": (lambda: picture("PPM"), 415),
    "png, cut short": (lambda: picture()[:60], 415),
    "png without a row": (lambda: png(40, 30), 415),
    "png with rubbish for rows": (lambda: picture()[:41] + b"\xff" * 40, 415),
    "jpeg, cut in its head": (lambda: picture("JPEG")[:60], 415),
    "webp without content": (lambda: riff(40, 30), 415),
    "png of 50,000 by 50,000": (lambda: png(50_000, 50_000, BOMB_ROWS), 413),
    "png of 2,147,483,647 by 1": (lambda: png(2**31 - 1, 1), 413),
    "png without width": (lambda: png(0, 30), 415),
    "jpeg of 65,500 by 65,500": (lambda: jpeg_of(65_500, 65_500), 413),
    "gif of 65,535 by 65,535": (lambda: gif_of(65_535, 65_535), 413),
    "webp of more than five million pixels": (lambda: picture("WEBP", size=(2600, 2000)), 413),
    "one pixel row too many": (lambda: picture(size=(10_000, 1_001)), 413),
    "png whose text unpacks to twenty megabytes": (
        lambda: png(2, 1, b"\0" * 7, 2, chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(20_000_000), 1))),
        415,
    ),
    "too many bytes": (lambda: b"x" * (2 * 1024 * 1024 + 1), 413),
    "a picture of too many bytes": (lambda: picture() + bytes(2 * 1024 * 1024), 413),
}
NAMES = (
    "../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "x.png\0.php",
    "<img src=x onerror=alert(1)>.png",
    "'; DROP TABLE attachments; --.png",
    "=HYPERLINK(1).png",
    "{{7*7}}.png",
    "\u202egnp.exe",
    "ภาพหน้าจอ.png",
    "a" * 3000 + ".png",
    "",
    "CON",
    ".htaccess",
)
