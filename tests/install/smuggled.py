"""Requests that proxies and servers have read differently: each says OUTER in its first request, and hides one for INNER.

Whoever reads one like its neighbour sees OUTER at most once and INNER never. `{n}` numbers them in what is logged.
"""

from __future__ import annotations

HOST = "feedback.example.com"
INNER = "GET /inner-{n} HTTP/1.1\r\nHost: " + HOST + "\r\nX-Ignore: "


def corpus() -> dict[str, bytes]:
    """By a readable name, the bytes as they go on the wire."""
    cases: dict[str, str] = {}
    for name, header in OBFUSCATED.items():
        body = f"0\r\n\r\n{INNER}"
        cases[f"CL.TE {name}"] = _post([f"Content-Length: {_size(body)}", header], body)
    for name, header in list(OBFUSCATED.items())[:8]:
        size = f"{_size(INNER):x}\r\n"
        cases[f"TE.CL {name}"] = _post([f"Content-Length: {len(size)}", header], f"{size}{INNER}\r\n0\r\n\r\n")
    for name, lengths in LENGTHS.items():
        cases[f"lengths {name}"] = _post(lengths, INNER)
    for name, chunks in CHUNKS.items():
        cases[f"chunks {name}"] = _post(["Transfer-Encoding: chunked"], chunks)
    cases |= HEADS
    return {name: text.replace("{n}", f"{n:03d}").encode("latin-1") for n, (name, text) in enumerate(cases.items())}


def _size(text: str) -> int:
    return len(text.replace("{n}", "000"))


def _post(headers: list[str], body: str) -> str:
    return "\r\n".join(["POST /outer-{n} HTTP/1.1", f"Host: {HOST}", *headers, "", body])


OBFUSCATED = {
    "plain": "Transfer-Encoding: chunked",
    "capitals": "TRANSFER-ENCODING: CHUNKED",
    "space before colon": "Transfer-Encoding : chunked",
    "tab before value": "Transfer-Encoding:\tchunked",
    "tab after value": "Transfer-Encoding: chunked\t",
    "vertical tab": "Transfer-Encoding: \x0bchunked",
    "quoted": 'Transfer-Encoding: "chunked"',
    "identity first": "Transfer-Encoding: identity, chunked",
    "chunked twice": "Transfer-Encoding: chunked, chunked",
    "two headers": "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    "unknown coding": "Transfer-Encoding: xchunked",
    "folded": "Transfer-Encoding:\r\n chunked",
    "folded name": "X: y\r\n Transfer-Encoding: chunked",
    "underscore": "Transfer_Encoding: chunked",
    "bare CR": "X: y\rTransfer-Encoding: chunked",
    "bare LF": "X: y\nTransfer-Encoding: chunked",
    "NUL": "Transfer-Encoding: chunked\x00",
    "leading space": " Transfer-Encoding: chunked",
    "semicolon": "Transfer-Encoding: chunked;q=1",
    "empty": "Transfer-Encoding: ",
    "high byte": "Transfer-Encoding\xa0: chunked",
}
_ALL = _size(INNER)
LENGTHS = {
    "twice, differing": [f"Content-Length: {_ALL}", "Content-Length: 0"],
    "twice, the other way": ["Content-Length: 0", f"Content-Length: {_ALL}"],
    "a list": [f"Content-Length: {_ALL}, {_ALL}"],
    "a differing list": [f"Content-Length: {_ALL}, 0"],
    "plus sign": [f"Content-Length: +{_ALL}"],
    "minus": [f"Content-Length: -{_ALL}"],
    "hexadecimal": [f"Content-Length: {_ALL:#x}"],
    "leading zeros": [f"Content-Length: 000{_ALL}"],
    "exponent": ["Content-Length: 7e1"],
    "space inside": ["Content-Length: 7 1"],
    "space before colon": [f"Content-Length : {_ALL}"],
    "too large": ["Content-Length: 18446744073709551617"],
    "not ASCII": ["Content-Length: \xb2"],
    "folded": [f"Content-Length:\r\n {_ALL}"],
    "underscore beside": [f"Content-Length: {_ALL}", "Content_Length: 0"],
    "an upgrade": [
        f"Content-Length: {_ALL}", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk",
    ],
    "length as hop": [f"Content-Length: {_ALL}", "Connection: Content-Length"],
}  # fmt: skip
CHUNKS = {
    "size overflows": f"10000000000000005\r\nhello\r\n0\r\n\r\n{INNER}",
    "negative size": f"-5\r\nhello\r\n0\r\n\r\n{INNER}",
    "size with 0x": f"0x5\r\nhello\r\n0\r\n\r\n{INNER}",
    "bare LF after size": f"5\nhello\r\n{_ALL:x}\r\n{INNER}\r\n0\r\n\r\n",
    "bare CR after size": f"5\rhello\r\n0\r\n\r\n{INNER}",
    "LF in an extension": f"5;a\nhello\r\n{_ALL:x}\r\n{INNER}\r\n0\r\n\r\n",
    "no end of chunk": f"5\r\nhelloXX0\r\n\r\n{INNER}",
    "data too long": f"3\r\nhello\r\n0\r\n\r\n{INNER}",
    "space before size": f" 5\r\nhello\r\n{_ALL:x}\r\n{INNER}\r\n0\r\n\r\n",
    "a trailer with a length": f"5\r\nhello\r\n0\r\nContent-Length: {_ALL}\r\n\r\n",
    "a long extension": f"5;{'a' * 20_000}\r\nhello\r\n{_ALL:x}\r\n{INNER}\r\n0\r\n\r\n",
    "never ends": f"{_ALL:x}\r\n{INNER}\r\n",
}
_BODY = f"Content-Length: {_ALL}\r\n\r\n{INNER}"
_HOST = f"Host: {HOST}\r\n"
HEADS = {
    "HTTP/1.0 chunked": f"POST /outer-{{n}} HTTP/1.0\r\n{_HOST}Transfer-Encoding: chunked\r\n"
    f"Content-Length: {_ALL + 5}\r\n\r\n0\r\n\r\n{INNER}",
    "HTTP/9.9": f"POST /outer-{{n}} HTTP/9.9\r\n{_HOST}{_BODY}",
    "GET with a body": f"GET /outer-{{n}} HTTP/1.1\r\n{_HOST}{_BODY}",
    "HEAD with a body": f"HEAD /outer-{{n}} HTTP/1.1\r\n{_HOST}{_BODY}",
    "no Host": f"POST /outer-{{n}} HTTP/1.1\r\n{_BODY}",
    "two Hosts": f"POST /outer-{{n}} HTTP/1.1\r\n{_HOST}Host: other.example\r\n{_BODY}",
    "CRLF in the path": f"GET /outer-{{n}}%0d%0aHost:%20x%0d%0a%0d%0aGET%20/inner-{{n}} HTTP/1.1\r\n{_HOST}\r\n",
    "a raw space in the path": f"GET /outer-{{n}} HTTP/1.1 /inner-{{n}} HTTP/1.1\r\n{_HOST}\r\n",
    "an absolute target": f"POST http://other.example/outer-{{n}} HTTP/1.1\r\n{_HOST}{_BODY}",
    "Expect": f"POST /outer-{{n}} HTTP/1.1\r\n{_HOST}Expect: 100-continue\r\n{_BODY}",
    "a folded first header": f"POST /outer-{{n}} HTTP/1.1\r\n Content-Length: 0\r\n{_HOST}{_BODY}",
}
