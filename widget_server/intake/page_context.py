"""Redaction of what stands around a response: the page's address, where things are encoded, and nested values. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import quote, unquote, unquote_plus

from widget_server.intake.schemas import CUTS, LONGEST
from widget_server.redaction import PLACEHOLDERS, Redacted, redact, worth_a_look

_URL_PARTS = re.compile(r"([/?&=#;:]|%[23][fF6dD])")
_SECRET_KEY = re.compile(
    r"(?:^|[_-])(?:token|passw(?:or)?d|secret|auth|session(?:id)?|sid|jwt|otp|api_?key|access_?key)$", re.IGNORECASE
)
_PHONE_KEY = re.compile(r"phone|mobile|\btel|tlf|msisdn", re.IGNORECASE)
_SECRET_WORD = re.compile(r"token|passw|secret|auth|ses|sid|jwt|otp|key")
_USER_INFO = re.compile(r"^([a-z][a-z0-9+.-]{0,20}://)[^/?#@]*@", re.IGNORECASE)


def redact_url(url: str, regions: Sequence[str] = ()) -> Redacted:
    """A page's address: path, query and fragment are read decoded; values under keys that name a secret go too.

    Telephone numbers without a country are looked for only under keys such as `phone`: a shop's paths are full of numbers.
    """
    bare = _USER_INFO.sub(r"\1", url) if "@" in url else url
    if _is_plain_address(bare):
        return Redacted(bare)
    kinds, parts, key, last = [], [], "", ""
    for piece in _URL_PARTS.split(bare):
        if piece in ("=",):
            key = last
        elif _URL_PARTS.fullmatch(piece):
            key = ""
        done, kind = _url_piece(piece, key, regions)
        kinds += kind
        parts.append(done)
        last = piece
    whole = redact("".join(parts))
    kinds += whole.kinds
    return Redacted(whole.text, tuple(dict.fromkeys(kinds)))


def _is_plain_address(url: str) -> bool:
    """Whether nothing is encoded, named as a secret, or worth a look: then its parts hold nothing either."""
    if "%" in url or "+" in url or worth_a_look(url):
        return False
    return "=" not in url or _SECRET_WORD.search(url.lower()) is None


def _url_piece(piece: str, key: str, regions: Sequence[str]) -> tuple[str, list[str]]:
    if piece and _SECRET_KEY.search(key):
        return ("=", []) if piece == "=" else (PLACEHOLDERS["secret"], ["secret"])
    plain = unquote(unquote_plus(piece))
    phone = bool(_PHONE_KEY.search(key))
    done = redact(f"tel {plain}" if phone else plain, regions if phone else ())
    if not done.kinds:
        return piece, []
    return quote(done.text.removeprefix("tel ") if phone else done.text, safe="[] "), list(done.kinds)


_LIKE_AN_ADDRESS = re.compile(r"%[0-9A-Fa-f]{2}|://|[?&]\w+=|\w=\S")


def is_plain(value: object) -> bool:
    """Whether nothing in a JSON value could have to go, by one look at all of its texts together."""
    texts: list[str] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            texts.append(one)
        elif isinstance(one, dict):
            waiting += one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, (int, float)) and abs(one) >= _LONG_NUMBER:
            return False
    together = _APART.join(texts)
    return not worth_a_look(together) and _LIKE_AN_ADDRESS.search(together) is None


_LONG_NUMBER = 10**12  # of thirteen digits or more: as long as a card's
_APART = "\n" * 4  # more than may stand between two digits of one number


def redact_words(text: str, regions: Sequence[str] = ()) -> Redacted:
    """Words of a page (titles, selectors, its own errors), in which addresses of pages may stand too."""
    done = redact(text, regions)
    if not _LIKE_AN_ADDRESS.search(done.text):
        return done
    again = redact_url(done.text)
    return Redacted(again.text, (*done.kinds, *again.kinds), done.found)


def cut_to_size(value: object, name: str = "") -> object:
    """Texts no longer than is kept of them, once they are redacted; `name` is the key that the value stands under."""
    if isinstance(value, str):
        return value[: CUTS.get(name, LONGEST)]
    if isinstance(value, dict):
        return {key: part if _is_small(part) else cut_to_size(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [cut_to_size(part, name) for part in value]
    return value


_SHORTEST = min(*CUTS.values(), LONGEST)


def _is_small(value: object) -> bool:
    """A number, or a text that no cut would touch: nearly all that there is."""
    return type(value) is int or (type(value) is str and len(value) <= _SHORTEST)


def redact_value(value: object, redact_text: Callable[[str], Redacted]) -> object:
    """Any JSON value with its texts (and keys, and numbers that are cards) redacted. Nesting was bounded before."""
    if isinstance(value, str):
        return redact_text(value).text
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        done = redact(str(value)) if abs(value) >= _LONG_NUMBER else None
        return done.text if done and done.kinds else value
    if isinstance(value, dict):
        return {redact_text(str(key)).text: redact_value(part, redact_text) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [redact_value(part, redact_text) for part in value]
    return None
