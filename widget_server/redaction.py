"""Takes out of a text what must not be kept, before anything is stored. Pure, and linear in the text's length.

Card numbers and IBANs are gone for good. An e-mail address or a telephone number becomes a placeholder, and the
original is handed back, to be kept encrypted for a while or let go.

The search runs on a folded copy of the text, equal in length, in which every script's digits and the many dashes,
dots and spaces are plain ones; what is found there is cut from the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from phonenumbers import NumberParseException, is_valid_number, parse

MOST_PARSED = 40  # candidates for a telephone number that are looked at closely; the rest go by their shape alone


@dataclass(frozen=True)
class Found:
    """An address or number as it stood in the text: `kind` is email or phone."""

    kind: str
    value: str


@dataclass(frozen=True)
class Redacted:
    text: str
    kinds: tuple[str, ...] = ()  # what was taken out, each kind once: card, iban, email, phone, secret
    found: tuple[Found, ...] = ()


PLACEHOLDERS = {"card": "[card]", "iban": "[iban]", "email": "[e-mail]", "phone": "[phone]", "secret": "[secret]"}


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    kind: str


def redact(text: str, regions: Sequence[str] = ()) -> Redacted:
    """The text without what must not be kept.

    Args:
        regions: ISO 3166 countries whose telephone numbers may stand here without a country code, likeliest first.
    """
    if not worth_a_look(text):
        return Redacted(text)
    folded = text.translate(_FOLD)
    spans: list[_Span] = []
    for search in (_emails, _ibans, _cards):
        spans += search(folded)
        folded = _masked(folded, spans)
    spans += _phones(folded, regions)
    return _cut(text, spans)


def worth_a_look(text: str) -> bool:
    """Whether anything in it could have to go: false for most texts, at little cost."""
    if "@" in text or "＠" in text or "﹫" in text:
        return True
    if _DIGITS.search(text):
        return True
    small = text.lower()
    return "at" in small and _SPELLED_AT.search(small) is not None


def _cut(text: str, spans: Iterable[_Span]) -> Redacted:
    parts, at, kinds, found = [], 0, [], []
    for span in sorted(spans, key=lambda one: one.start):
        parts += [text[at : span.start], PLACEHOLDERS[span.kind]]
        kinds.append(span.kind)
        if span.kind in ("email", "phone"):
            found.append(Found(span.kind, text[span.start : span.end].strip()))
        at = span.end
    return Redacted("".join((*parts, text[at:])), tuple(dict.fromkeys(kinds)), tuple(dict.fromkeys(found)))


def _masked(folded: str, spans: Iterable[_Span]) -> str:
    """The copy with what was found blotted out, so that nothing is found twice."""
    parts, at = [], 0
    for span in sorted(spans, key=lambda one: one.start):
        parts += [folded[at : span.start], "\x01" * (span.end - span.start)]
        at = span.end
    return "".join((*parts, folded[at:]))


def _fold_table() -> dict[int, str]:
    digits = ((code, unicodedata.decimal(chr(code), None)) for code in range(0x80, 0x1FC00))
    table = {code: str(digit) for code, digit in digits if digit is not None}
    table |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width forms
    table |= dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\u30fc\u00b7\u2022"), "-")
    table |= dict.fromkeys(map(ord, "\u00a0\u1680\u202f\u205f\u3000\t"), " ")
    table |= dict.fromkeys(range(0x2000, 0x200B), " ")
    # Marks without width, which hide digits from a reader and not from a person.
    table |= dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u2066\u2067\u2068\u2069"), " ")
    table |= {ord("﹫"): "@", ord("。"): ".", ord("．"): "."}
    return table


_FOLD = _fold_table()
_DIGITS = re.compile(r"\d(?:\D{0,3}\d){5}")
_SPELLED_AT = re.compile(r"[(\[{ ]at[)\]} ]")


# ---- e-mail addresses: from each at-sign outwards, bounded to both sides

_AT = re.compile(r"@| ?[(\[{] ?at ?[)\]}] ?| at (?=[\w-]{1,60}(?: dot ))", re.IGNORECASE)
_LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]")
_DOMAIN = re.compile(r"(?:[\w-]{1,63}(?:\.| dot |\(dot\)|\[dot\])){1,8}[^\W\d_][\w-]{1,62}", re.IGNORECASE)
_THAI_OR_HAN = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


def _emails(folded: str) -> Iterator[_Span]:
    floor = 0
    for at in _AT.finditer(folded):
        domain = _DOMAIN.match(folded, at.end(), min(len(folded), at.end() + 255))
        start = _local_start(folded, at.start(), floor)
        if domain is None or start == at.start():
            continue
        floor = end = _domain_end(folded, domain)
        yield _Span(start, end, "email")


def _local_start(folded: str, at: int, floor: int) -> int:
    """Where the part before the at-sign begins. Scripts without spaces run into it: there only ASCII belongs."""
    start, least = at, max(floor, at - 64)
    narrow = at > least and folded[at - 1].isascii()
    while start > least and _LOCAL.match(folded[start - 1]) and not (narrow and _THAI_OR_HAN.match(folded[start - 1])):
        start -= 1
    while start < at and folded[start] in ".'/=?&{}|#`":
        start += 1
    return start


def _domain_end(folded: str, domain: re.Match[str]) -> int:
    """Where the domain ends: an ASCII ending ends before a script that is written on without a space."""
    ending = domain[0].rpartition(".")[2]
    if ending[:1].isascii() and (glued := _THAI_OR_HAN.search(ending)):
        return domain.end() - len(ending) + glued.start()
    return domain.end()


# ---- IBAN: country, length and checksum must all fit (ISO 13616)

_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FO FK GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV", 22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "AO CV LY MZ PT ST", 26: "DZ IR IS TR",
        27: "BI CF CG CM DJ FR GA GQ GR IT KM MC MG MR SM TD",
        28: "AL AZ BF BJ BY CI CY DO GT HN HU LB MA ML NE NI PL SN SV TG",
        29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC", 32: "LC", 33: "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip
_IBAN_HEAD = re.compile(r"([A-Za-z]{2})[ -]?\d[ -]?\d")
_VALUES = {character: str(int(character, 36)) for character in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def _ibans(folded: str) -> Iterator[_Span]:
    floor = 0
    for head in _overlapping(_IBAN_HEAD, folded):
        length = _IBAN_LENGTHS.get(head[1].upper())
        if length is None or head.start() < floor:
            continue
        taken = _taken(folded, head.start(), length)
        if taken and int("".join(_VALUES[one] for one in taken[0][4:] + taken[0][:4])) % 97 == 1:
            floor = taken[1]
            yield _Span(head.start(), taken[1], "iban")


def _overlapping(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    at = 0
    while match := pattern.search(text, at):
        yield match
        at = match.start() + 1


def _taken(folded: str, start: int, length: int) -> tuple[str, int] | None:
    """`length` letters and digits from `start`, with at most two spaces, dots or dashes between; and where they end."""
    taken: list[str] = []
    at, gap = start, 0
    while at < len(folded) and len(taken) < length:
        one = folded[at].upper()
        if one in _VALUES:
            taken.append(one)
            gap = 0
        elif one in " -." and gap < 2:
            gap += 1
        else:
            return None
        at += 1
    return ("".join(taken), at) if len(taken) == length else None


# ---- payment cards: 13 to 19 digits whose Luhn sum fits, in the groups that people write

_DIGIT_RUN = re.compile(r"(?<!\+)\d(?:(?:[ \-._/,\n\r]{0,3}|\)\()\d){12,}")
_GROUP = re.compile(r"\d+")


def _cards(folded: str) -> Iterator[_Span]:
    for run in _DIGIT_RUN.finditer(folded):
        yield from _cards_in(_Groups(folded, [group.span() for group in _GROUP.finditer(folded, *run.span())]))


class _Groups:
    """Groups of digits in a row, prepared so that any question about a window of them takes the same short time."""

    def __init__(self, folded: str, spans: list[tuple[int, int]]) -> None:
        self.spans = spans
        self.sizes = [end - start for start, end in spans]
        self.digits = "".join(folded[start:end] for start, end in spans)
        self.offsets = [0, *accumulate(self.sizes)]
        self.sums = _luhn_sums(self.digits)
        gaps = [folded[left[1] : right[0]] for left, right in pairwise(spans)]
        self._even_gaps = self._reach(lambda at: len(gaps[at]) == 1 and (at + 1 >= len(gaps) or gaps[at] == gaps[at + 1]), 1)
        self._large = self._reach(lambda at: self.sizes[at] >= 3, 0)
        self._alike = self._reach(lambda at: self.sizes[at] == self.sizes[at + 1], 1)

    def _reach(self, holds: Callable[[int], bool], more: int) -> list[int]:
        """For each group the furthest last group of a window in which this holds; `more`: it compares neighbours."""
        reach = [len(self.spans) - 1] * len(self.spans)
        for at in range(len(self.spans) - 2, -1, -1):
            reach[at] = reach[at + 1] if holds(at) else at + more
        return reach

    def regular(self, first: int, last: int) -> bool:
        """As cards are printed or spelled: one mark between, groups of three or more, or all of one small size."""
        if last > self._even_gaps[first]:
            return False
        small = last - 1 <= self._alike[first] and self.sizes[last] <= self.sizes[first]
        return last <= self._large[first] or small


def _cards_in(groups: _Groups) -> Iterator[_Span]:
    """Windows of whole groups, the longest that fits first; inside one long group, windows of a known network."""
    first = reach = 0
    while first < len(groups.spans):
        reach = max(reach, first)
        while reach < len(groups.spans) and groups.offsets[reach + 1] - groups.offsets[first] < 13:
            reach += 1
        last = _last_group(groups, first, reach)
        if last is not None:
            yield _Span(groups.spans[first][0], groups.spans[last][1], "card")
            first = last + 1
            continue
        if groups.sizes[first] > 13:
            yield from _cards_within(groups, first)
        first += 1


def _last_group(groups: _Groups, first: int, reach: int) -> int | None:
    start, best = groups.offsets[first], None
    if groups.digits[start] not in "1234569":
        return None
    for last in range(reach, len(groups.spans)):
        end = groups.offsets[last + 1]
        if end - start > 19:
            break
        if not _luhn(groups.sums, start, end):
            continue
        digits = groups.digits[start:end]
        if _network(digits) or (_issuer(digits) and groups.regular(first, last)):
            best = last
    return best


def _cards_within(groups: _Groups, which: int) -> Iterator[_Span]:
    at, end = groups.offsets[which], groups.offsets[which + 1]
    shift = groups.spans[which][0] - at
    while at <= end - 15:
        size = 0
        if groups.digits[at] in "23456":
            fits = (one for one in (19, 16, 15) if at + one <= end and _luhn(groups.sums, at, at + one))
            size = next((one for one in fits if _network(groups.digits[at : at + one])), 0)
        if size:
            yield _Span(at + shift, at + size + shift, "card")
        at += size or 1


def _luhn_sums(digits: str) -> tuple[list[int], list[int]]:
    """Running Luhn sums, with the even places doubled and with the odd ones: any window's sum is a difference."""
    even, odd = [0], [0]
    for place, one in enumerate(digits):
        plain = int(one)
        double = plain * 2 - 9 if plain > 4 else plain * 2
        even.append(even[-1] + (double if place % 2 == 0 else plain))
        odd.append(odd[-1] + (plain if place % 2 == 0 else double))
    return even, odd


def _luhn(sums: tuple[list[int], list[int]], start: int, end: int) -> bool:
    running = sums[end % 2]  # the last digit stands plain, so its neighbour's parity is doubled
    return (running[end] - running[start]) % 10 == 0


def _issuer(digits: str) -> bool:
    """Whether a card may begin so at all: 2–6 and 9, and 1 for airlines' own cards (UATP)."""
    return digits[0] in "234569" or (digits[0] == "1" and len(digits) == 15)


def _network(digits: str) -> bool:
    """Whether beginning and length are those of a card network that many people carry."""
    size = len(digits)
    two, three, four = int(digits[:2]), int(digits[:3]), int(digits[:4])
    return (
        (digits[0] == "4" and size in (13, 16, 19))
        or (size == 16 and (51 <= two <= 55 or 2221 <= four <= 2720 or 3528 <= four <= 3589 or 2200 <= four <= 2204))
        or (size == 15 and two in (34, 37))
        or (size == 14 and (300 <= three <= 305 or two in (36, 38, 39)))
        or (16 <= size <= 19 and (four == 6011 or 644 <= three <= 659 or two == 62))
    )


# ---- telephone numbers: a cheap look at the shape, then the numbering plans

_PHONE_SHAPE = re.compile(
    r"(?<![\w,@#€$£¥฿/-])(?<!\d\.)"
    r"(?:\(?\+ ?|00 ?)?(?:\(\d{1,5}\) ?|\(0\))?\d(?:(?:[ .\-]{0,3}|/)(?:\(0\))?\(?\d\)?){5,16}(?![\w@])"
)
_THAI_BEFORE = re.compile(r"(?<=[\u0e00-\u0e4f])\d(?:[ .\-]?\d){7,9}(?![0-9A-Za-z])")
_CUE = re.compile(
    r"(?:phone|\bcall\b|\bcell\b|mobile?|\btel(?:e(?:f|ph)on?[eo]?)?\b|\btlf\b|whats ?app|\bsms\b|\btext me\b"
    r"|\bring(?:e)?\b|\bbel(?:len)?\b|telefoon|mobiel|anrufen|rufen|handy|puhelin|\bsoita|\bp[åa] nr|mitt nr"
    r"|โทร|เบอร์|มือถือ|tél|appel|llám)",
    re.IGNORECASE,
)
_NOT_A_PHONE = re.compile(
    r"(?:\border|booking|\bbag|\btag\b|\bbest(?:el|ill)|ordre|reserv|referen|\bref\b|faktura|factuur|invoice|rechnung|ticket|\bcase\b"
    r"|\bsak|\bkunde|customer|klant|member|medlem|account|konto|rekening|versi|versj|serial|flight|vlucht|\bfly\b|\bkode"
    r"|\bcode\b|\bpnr\b|\bid\b|\bkid\b|tracking|sporing|#|№|error|feil|fout"
    r"|หมายเลขคำสั่ง|คำสั่งซื้อ|การจอง|ออเดอร์|เลขที่|รหัส)[^\d\n]{0,20}$",
    re.IGNORECASE,
)
_MONEY_AFTER = re.compile(
    r"(?:,\d{1,2}\b|\.\d{2}\b(?!\.))?(?:,-)? ?"
    r"(?:kr\b|nok\b|sek\b|dkk\b|eur|usd|gbp|thb|€|\$|£|฿|บาท|,-|%|dollar|baht|pounds?\b|kroner)",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(r"(?:kr\.?|nok|sek|dkk|eur|usd|gbp|thb|€|\$|£|¥|฿) ?$", re.IGNORECASE)
_DATE = re.compile(
    r"(?:(?:19|20)\d\d[-./ ]?(?:0[1-9]|1[0-2])[-./ ]?(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|1[0-2])[-./](?:19|20|25)?\d\d(?!\d)"
    r"|\d{1,3}(?:[.,]\d{3})+$|(?:\d{1,3}\.){3}\d{1,3}$)"
)


def _phones(folded: str, regions: Sequence[str]) -> list[_Span]:
    matches = [*_PHONE_SHAPE.finditer(folded), *_THAI_BEFORE.finditer(folded)]
    spans: list[_Span] = []
    looked = 0
    for match in sorted(matches, key=lambda one: one.start()):
        if spans and match.start() < spans[-1].end:
            continue
        looked += 1
        if looked > MOST_PARSED or _is_phone(folded, match, regions):
            spans.append(_Span(match.start(), match.end(), "phone"))
    return spans


def _is_phone(folded: str, match: re.Match[str], regions: Sequence[str]) -> bool:
    number = match[0]
    digits = re.sub(r"\D", "", number)
    before, after = folded[max(0, match.start() - 40) : match.start()], folded[match.end() : match.end() + 12]
    if number.lstrip("( ").startswith("+"):
        return 7 <= len(digits) <= 15
    if _MONEY_AFTER.match(after) or _MONEY_BEFORE.search(before) or _DATE.match(number) or re.match(r":\d", after):
        return False
    if _NOT_A_PHONE.search(before):
        return False
    if _CUE.search(before[-25:]) and 6 <= len(digits) <= 15:
        return True
    if digits.startswith("00") and _valid("+" + digits[2:], None):
        return True
    return any(_valid(number, region) for place, region in enumerate(regions) if place == 0 or digits.startswith("0"))


def _valid(number: str, region: str | None) -> bool:
    try:
        return is_valid_number(parse(number, region))
    except NumberParseException:
        return False
