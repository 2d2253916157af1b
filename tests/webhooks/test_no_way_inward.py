"""A10: no webhook leads inward, however its address is written and whatever its name says the second time."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import ip_address, ip_network

import pytest

from tests.webhooks.receiver import Receiver, status
from widget_server.webhooks import exchange, guard
from widget_server.webhooks.exchange import Answer, post
from widget_server.webhooks.guard import Policy

OUTSIDE = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
ANY_PORT = Policy(ports=tuple(range(1, 65536)))

LITERALS = (
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255",
    "192.168.0.1", "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.0.192",
    "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16", "127.0.0.1.",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a00:1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2002:a00:1::1]", "[2001:0:7f00:1::]", "[2001:db8::1]",
    "[2001:10::1]", "[2001:20::1]", "[100::1]", "[fc00::1]", "[fd12:3456::1]", "[fe80::1]", "[fe80::1%25eth0]", "[fec0::1]",
    "[ff02::1]", "[5f00::1]", "[3fff::1]", "[fd00:ec2::254]", "[0:0:0:0:0:0:0:1]", "[::1%25lo]",
)  # fmt: skip
ODDLY_WRITTEN = (
    "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/", "http://017700000001/",
    "http://127.1/", "http://127.0.1/", "http://0/", "http://0x0/", "http://127.0.0.1.0x0/", "http://1.2.3.08/",
    "http://127.0.0.1/", "http://①②⑦.0.0.1/", "http://127。0。0。1/", "http://127.0.0.1%00.example.com/",
    "http://user@93.184.215.14/", "http://user:word@example.com/", "http://example.com@127.0.0.1/",
    "http://127.0.0.1:80@example.com/", "http://example.com\\@127.0.0.1/", "http://127.0.0.1\\.example.com/",
    "http://example.com#@127.0.0.1/", "http://[127.0.0.1]/", "http://[::1/", "http://[::1]]/", "http://[v1.fe80::1]/",
    "file:///etc/passwd", "gopher://127.0.0.1:25/_HELO", "ftp://127.0.0.1/", "dict://127.0.0.1:11211/stat",
    "unix:///var/run/docker.sock", "javascript:alert(1)", "//127.0.0.1/", "http:///path", "http://", "http://:80/", "",
    "http://exa mple.com/", "http://example.com/\r\nX-Evil: 1", "http://example.com/\t", " http://127.0.0.1/",
    "http://example.com:0/", "http://example.com:99999/", "http://example.com:8o/", "http://-x.example.com/",
    "http://a..b/", "http://exam%70le.com/", "http://example.com/" + "a" * 2001,
)  # fmt: skip
NAMES = ("localhost", "metadata.google.internal", "inner.example", "printer.local", "rebind.example", "both.example")

INNER_ANSWERS = (
    ["127.0.0.1"], ["::1"], ["::ffff:10.0.0.1"], [OUTSIDE[0], "10.0.0.1"], ["169.254.169.254", OUTSIDE[0]],
)  # fmt: skip


class World:
    """DNS and the network as a test wants them; every connection that would be made is written down."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers, self.asked, self.dialled = list(answers), 0, list[str]()

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        if not self.answers:  # as getaddrinfo would read it
            numbers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
            return [str(one[4][0]) for one in numbers]
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def dial(self, address: str, port: int, seconds: float) -> socket.socket:
        self.dialled.append(address)
        raise ConnectionRefusedError

    def post(self, url: str, policy: Policy = ANY_PORT) -> Answer:
        return post(url, {}, b"{}", policy, resolve=self.resolve, dial=self.dial, seconds=2)


def ways_inward() -> list[str]:
    """Addresses that a connection would have been made to, of all the URLs and names here."""
    found = []
    for url in [f"{scheme}://{host}/" for host in LITERALS for scheme in ("http", "https")] + list(ODDLY_WRITTEN):
        world = World()
        world.post(url)
        found += world.dialled
    for name in NAMES:
        for inner in INNER_ANSWERS:
            world = World(inner)
            world.post(f"http://{name}/")
            found += world.dialled
    return found


def test_sixty_and_more_addresses_lead_nowhere() -> None:
    assert len(LITERALS) + len(ODDLY_WRITTEN) >= 100
    assert ways_inward() == []


def test_the_same_list_leads_inward_without_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "refusal", lambda *_: None)
    assert len(ways_inward()) >= 60


@pytest.mark.parametrize("url", ODDLY_WRITTEN)
def test_an_odd_address_is_refused_with_a_reason(url: str) -> None:
    assert str(World().post(url).error).startswith("Refused by us: ")


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_internet_is_dialled(address: str) -> None:
    world = World([address])
    assert world.post("https://hooks.example.com/x").error == "The connection was refused"
    assert world.dialled == [address]


def test_a_name_is_resolved_once_and_the_connection_goes_to_what_was_looked_at() -> None:
    world = World([OUTSIDE[0]], ["127.0.0.1"], ["127.0.0.1"])
    world.post("http://rebind.example/")
    assert (world.asked, world.dialled) == (1, [OUTSIDE[0]])


def test_one_inner_address_among_several_spoils_the_name() -> None:
    world = World([OUTSIDE[0], "10.1.2.3"])
    assert "inner address" in str(world.post("http://both.example/").error)
    assert world.dialled == []


@pytest.mark.parametrize(("port", "said"), [(22, "port 22 is not open"), (6379, "port 6379 is not open")])
def test_only_ports_of_the_setting_are_open(port: int, said: str) -> None:
    world = World([OUTSIDE[0]])
    assert said in str(world.post(f"http://example.com:{port}/", Policy()).error)
    assert world.dialled == []


def test_a_redirect_inward_is_an_answer_and_nothing_is_asked_there(listener: Receiver) -> None:
    inner = Policy(allow=(ip_network("127.0.0.0/8"),))
    listener.reply = status(302, "Location: http://169.254.169.254/latest/meta-data")
    answer = post(listener.url, {}, b"{}", inner)
    assert answer.status == 302
    assert len(listener.got) == 1


def test_a_proxy_of_the_environment_is_not_asked(listener: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, listener.url)
    world = World([OUTSIDE[0]])
    world.post("http://example.com/")
    assert (world.dialled, listener.got) == ([OUTSIDE[0]], [])


def test_an_inner_network_that_is_named_may_be_reached_on_any_port(listener: Receiver) -> None:
    inner = Policy(allow=(ip_network("127.0.0.0/8"),))
    assert post(listener.url, {"X-A": "1"}, b"{}", inner).status == 200
    port = listener.url.split(":")[2].split("/")[0]
    assert listener.got[0].headers["host"] == f"127.0.0.1:{port}"
    assert "inner address" in str(post(f"http://[::1]:{port}/", {}, b"", inner).error)


def test_what_is_refused_is_never_global_and_what_is_global_is_mostly_not_refused() -> None:
    """Beside Python's own tables: what they call private, we refuse."""
    for number in range(0, 2**32, 9_999_991):
        ip = ip_address(number)
        if not ip.is_global or ip.is_multicast or ip.is_reserved:
            assert guard.refusal(str(ip), 443, Policy()) is not None, ip
    assert guard.refusal("8.8.8.8", 443, Policy()) is None


def test_the_name_is_what_tls_and_host_say_though_the_address_is_dialled() -> None:
    told: list[str | None] = []

    class Trust:
        def wrap_socket(self, made: socket.socket, server_hostname: str | None, **_: object) -> socket.socket:
            told.append(server_hostname)
            raise exchange.ssl.SSLError("enough")

    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange, "_trust", Trust)
        answer = post(
            "https://Hooks.Example.com/", {}, b"", Policy(), resolve=lambda *_: [OUTSIDE[0]], dial=lambda *_: ours, seconds=2
        )
    assert told == ["hooks.example.com"]
    assert str(answer.error).startswith("TLS")
