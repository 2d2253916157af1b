"""Whatever a receiver answers is judged: nothing in it raises, or its message would be sent again for ever."""

from __future__ import annotations

from ipaddress import ip_network

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.webhooks.receiver import receiver
from widget_server.delivery.schedule import next_try
from widget_server.delivery.transports.outcome import Unreached
from widget_server.webhooks.exchange import Answer, post
from widget_server.webhooks.guard import Policy
from widget_server.webhooks.judging import judged

NOW = 1_795_289_478_925
PIECES = st.sampled_from([
    "Mon", "Mon,", "Sun", "Jan", "Dec", "31", "01", "1", "0", "2026", "9999", "99999999999", "-1", "+", "-", ":", ",", ".",
    "EST", "GMT", "AM", "+9999", "-2400", "+99999999999999999999", "00:00:00", "25:61", "1.2.3", "²",
])  # fmt: skip
DATES = st.one_of(st.text(), st.lists(PIECES, max_size=9).map(" ".join), st.lists(PIECES, max_size=5).map("".join))
FIRST = st.one_of(st.binary(max_size=80), st.sampled_from([b"HTTP/1.1 503 No", b"HTTP/1.0 200", b"HTTP/1.1 1000"]))
LINES = st.lists(st.binary(max_size=40) | DATES.map(lambda said: b"Retry-After: " + said.encode()), max_size=4)


@settings(deadline=None)
@given(st.integers(100, 999), DATES)
@example(503, "Mon, 01 Jan 99999999999 00:00:00 GMT")
@example(429, "Mon, 01 Jan 2026 00:00:00 +99999999999999999999")
@example(503, "Mon, 01 Jan 0001 00:00:00 +2359")
def test_any_status_and_any_wait_are_judged(status: int, retry_after: str) -> None:
    outcome = judged(Answer(status, retry_after=retry_after), NOW)
    if isinstance(outcome, Unreached):
        assert (next_try(1, NOW, 0.5, outcome.wait) or 0) > NOW


def test_any_bytes_are_an_answer_that_is_judged() -> None:
    allowed = Policy((ip_network("127.0.0.0/8"),))

    with receiver() as made:

        @settings(deadline=None)  # two threads and a socket, beside whatever else the machine does
        @given(FIRST, LINES, st.binary())
        def told(first: bytes, headers: list[bytes], body: bytes) -> None:
            made.reply = lambda _got, to: to.sendall(b"\r\n".join([first, *headers, b"", body]))
            answer = post(made.url, {}, b"{}", allowed, seconds=5)
            judged(answer, NOW)
            assert answer.status is not None or answer.error
            assert answer.text.encode() is not None  # as a database would write it

        told()
