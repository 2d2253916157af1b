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
from urllib.parse import quote, unquote, unquote_plus

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
    if not _WORTH_A_LOOK.search(text):
        return Redacted(text)
    folded = text.translate(_FOLD)
    spans: list[_Span] = []
    for search in (_emails, _ibans, _cards):
        spans += search(folded)
        folded = _masked(folded, spans)
    spans += _phones(folded, regions)
    return _cut(text, spans)


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
    table = {code: str(digit) for code in range(0x80, 0x1FC00) if (digit := unicodedata.decimal(chr(code), None)) is not None}
    table |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width forms
    table |= dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\u30fc\u00b7\u2022"), "-")
    table |= dict.fromkeys(map(ord, "\u00a0\u1680\u202f\u205f\u3000\t"), " ")
    table |= dict.fromkeys(range(0x2000, 0x200B), " ")
    # Marks without width, which hide digits from a reader and not from a person.
    table |= dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u2066\u2067\u2068\u2069"), " ")
    table |= {ord("﹫"): "@", ord("。"): ".", ord("．"): "."}
    return table


_FOLD = _fold_table()
_WORTH_A_LOOK = re.compile(r"[@＠﹫]|\(at\)|\[at\]|\{at\}| at |\d(?:\D{0,3}\d){5}", re.IGNORECASE)


# ---- e-mail addresses: from each at-sign outwards, bounded to both sides

_AT = re.compile(r"@| ?[(\[{] ?at ?[)\]}] ?| at (?=[\w-]{1,60}(?:\.| dot )\w)", re.IGNORECASE)
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
        27: "BI CF CG CM DJ FR GA GQ GR IT KM MC MG MR SM TD", 28: "AL AZ BF BJ BY CI CY DO GT HN HU LB MA ML NE NI PL SN SV TG",
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
    taken, at, gap = [], start, 0
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

_DIGIT_RUN = re.compile(r"\d(?:[ \-._/,\n\r]{0,3}\d){12,}")
_GROUP = re.compile(r"\d+")


def _cards(folded: str) -> Iterator[_Span]:
    for run in _DIGIT_RUN.finditer(folded):
        yield from _cards_in(folded, [group.span() for group in _GROUP.finditer(folded, *run.span())])


def _cards_in(folded: str, groups: list[tuple[int, int]]) -> Iterator[_Span]:
    """Windows of whole groups, the longest that fits first; inside one long group, windows of a known network."""
    digits = "".join(folded[start:end] for start, end in groups)
    sums = _luhn_sums(digits)
    offsets = [0]
    for start, end in groups:
        offsets.append(offsets[-1] + end - start)
    first = 0
    while first < len(groups):
        last = _last_group(folded, groups, offsets, digits, sums, first)
        if last is not None:
            yield _Span(groups[first][0], groups[last][1], "card")
            first = last + 1
            continue
        start, end = groups[first]
        if end - start > 13:
            yield from _cards_within(digits, sums, offsets[first], offsets[first + 1], start - offsets[first])
        first += 1


def _last_group(
    folded: str, groups: list[tuple[int, int]], offsets: list[int], digits: str, sums: tuple[list[int], list[int]], first: int
) -> int | None:
    best = None
    for last in range(first, min(first + 19, len(groups))):
        start, end = offsets[first], offsets[last + 1]
        if end - start > 19:
            break
        if end - start < 13 or not _luhn(sums, start, end):
            continue
        likely = _network(digits[start:end])
        if likely or (_issuer(digits[start:end]) and _regular(folded, groups[first : last + 1])):
            best = last
    return best


def _cards_within(digits: str, sums: tuple[list[int], list[int]], start: int, end: int, shift: int) -> Iterator[_Span]:
    at = start
    while at <= end - 13:
        size = next((size for size in (19, 16, 15, 14, 13) if at + size <= end and _known(digits[at : at + size]) and _luhn(sums, at, at + size)), 0)
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
    return (digits[0] in "234569" and len(set(digits)) > 1) or (digits[0] == "1" and len(digits) == 15)


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


def _known(digits: str) -> bool:
    return len(digits) > 14 and _network(digits)


def _regular(folded: str, groups: list[tuple[int, int]]) -> bool:
    """Groups as cards are printed or spelled: three digits or more, or all of one small size; one mark between them."""
    sizes = [end - start for start, end in groups]
    gaps = {folded[left[1] : right[0]] for left, right in zip(groups, groups[1:], strict=False)}
    even = min(sizes[:-1] or sizes) >= 3 or (len(set(sizes[:-1])) == 1 and sizes[-1] <= sizes[0])
    return even and len(gaps) <= 1 and all(len(gap) == 1 for gap in gaps)


# ---- telephone numbers: a cheap look at the shape, then the numbering plans

_PHONE_SHAPE = re.compile(r"(?<![\w.,@#€$£¥฿-])(?:\(?\+ ?|00 ?)?(?:\(\d{1,5}\) ?|\(0\))?\d(?:[ .\-/]{0,2}(?:\(0\))?\(?\d\)?){5,16}(?![\w@])")
_THAI_BEFORE = re.compile(r"(?<=[\u0e00-\u0e4f])\d(?:[ .\-]?\d){7,9}(?!\w)")
_CUE = re.compile(
    r"(?:phone|\bcall\b|\bcell\b|mobile?|\btel(?:e(?:f|ph)on?[eo]?)?\b|\btlf\b|whats ?app|\bsms\b|\btext me\b|\bring(?:e)?\b"
    r"|\bbel(?:len)?\b|nummer er|telefoon|mobiel|anrufen|rufen|handy|puhelin|\bsoita|\bp[åa] nr|โทร|เบอร์|มือถือ|tél|appel|llám|\bnr\.? mitt|mitt nr)",
    re.IGNORECASE,
)  # fmt: skip
_NOT_A_PHONE = re.compile(
    r"(?:\border|booking|\bbest(?:el|ill)|ordre|reserv|referen|\bref\b|faktura|factuur|invoice|rechnung|ticket|\bcase\b|\bsak|\bkunde|customer"
    r"|klant|member|medlem|account|konto|rekening|version|versj|\bversie|serial|flight|vlucht|\bfly\b|\bkode|\bcode\b|\bpnr\b|\bid\b|\bkid\b|tracking|sporing|#|№"
    r"|หมายเลขคำสั่ง|คำสั่งซื้อ|การจอง|ออเดอร์|เลขที่|รหัส|vluchtnummer|ordernummer|error|feil|fout)[^\d\n]{0,20}$",
    re.IGNORECASE,
)  # fmt: skip
_MONEY_AFTER = re.compile(r"(?:,\d{1,2}\b|\.\d{2}\b(?!\.))?(?:,-)? ?(?:kr\b|nok\b|sek\b|dkk\b|eur|usd|gbp|thb|€|\$|£|฿|บาท|,-|%|dollar|baht|pounds?\b|kroner)", re.IGNORECASE)
_MONEY_BEFORE = re.compile(r"(?:kr\.?|nok|sek|dkk|eur|usd|gbp|thb|€|\$|£|¥|฿) ?$", re.IGNORECASE)
_DATE = re.compile(
    r"(?:(?:19|20)\d\d[-./ ]?(?:0[1-9]|1[0-2])[-./ ]?(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|1[0-2])[-./](?:19|20)?\d\d(?!\d)|\d{1,3}(?:[.,]\d{3})+$|(?:\d{1,3}\.){3}\d{1,3}$)"
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


# ---- addresses of pages: what stands in them encoded

_URL_PARTS = re.compile(r"([/?&=#;:]|%[23][fF6dD])")
_SECRET_KEY = re.compile(r"(?:^|[_-])(?:token|passw(?:or)?d|secret|auth|session(?:id)?|sid|jwt|otp|api_?key|access_?key)$", re.IGNORECASE)
_PHONE_KEY = re.compile(r"phone|mobile|\btel|tlf|msisdn", re.IGNORECASE)
_USER_INFO = re.compile(r"^([a-z][a-z0-9+.-]{0,20}://)[^/?#@]*@", re.IGNORECASE)


def redact_url(url: str, regions: Sequence[str] = ()) -> Redacted:
    """A page's address: path, query and fragment are read decoded; values under keys that name a secret go too.

    Telephone numbers without a country are looked for only under keys such as `phone`: a shop's paths are full of numbers.
    """
    bare = _USER_INFO.sub(r"\1", url)
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


def _url_piece(piece: str, key: str, regions: Sequence[str]) -> tuple[str, list[str]]:
    if piece and _SECRET_KEY.search(key):
        return ("=", []) if piece == "=" else (PLACEHOLDERS["secret"], ["secret"])
    plain = unquote(unquote_plus(piece))
    phone = bool(_PHONE_KEY.search(key))
    done = redact(f"tel {plain}" if phone else plain, regions if phone else ())
    if not done.kinds:
        return piece, []
    return quote(done.text.removeprefix("tel ") if phone else done.text, safe="[] "), list(done.kinds)


def redact_value(value: object, redact_text: Callable[[str], Redacted]) -> object:
    """Any JSON value with its texts (and keys, and numbers that are cards) redacted. Nesting was bounded before."""
    if isinstance(value, str):
        return redact_text(value).text
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        done = redact(str(value)) if abs(value) >= 10**12 else None
        return done.text if done and done.kinds else value
    if isinstance(value, dict):
        return {redact_text(str(key)).text: redact_value(part, redact_text) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [redact_value(part, redact_text) for part in value]
    return None
