"""What an e-mail address is, and how two of them are compared; what a link may lead to. Pure."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]")

HTTPS = re.compile(r"https://[^\s/?#@\\\"'<>]+(?:[/?#][^\s\\\"'<>]*)?\Z")
"""A whole address to link to, from https:// on: no name and password in it, nothing that ends an attribute."""


def normal_address(text: str) -> str | None:
    """An e-mail address as it is compared (no case, no spaces around it), or None when it is none."""
    bare = text.strip()
    if len(bare) > 254 or not bare.isprintable() or not _ADDRESS.fullmatch(bare):
        return None
    local, _, _ = bare.rpartition("@")
    return None if local.startswith(".") or local.endswith(".") or ".." in local else bare.casefold()
