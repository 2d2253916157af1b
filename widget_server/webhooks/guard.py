"""No way inward, pure: which addresses a webhook may go to. What is not plainly out in the internet is refused.

A URL is read strictly; its name is resolved once, by `exchange.py`, and the connection goes to the address that was
looked at here. Ranges are those of the IANA special-purpose registries (RFC 6890 and its updates).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network
PORTS = {"http": 80, "https": 443}
LONGEST_URL = 2_000

INNER_V4 = tuple(
    IPv4Network(one)
    for one in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared, behind a carrier's NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's own services
        "169.254.0.0/16",  # link-local, and clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
GLOBAL_V6 = IPv6Network("2000::/3")
"""All of IPv6's global unicast. Loopback, v4-mapped, NAT64, unique local, link-local, site-local, multicast lie outside."""
INNER_V6 = tuple(
    IPv6Network(one)
    for one in (
        "2001::/23",  # protocols: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which carries any IPv4 address
        "2620:4f:8000::/48",
        "3fff::/20",  # documentation
    )
)
NUMBER = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)\.?")
BRACKETS = re.compile(r"\[[0-9a-fA-F:.]+\](?::[0-9]+)?")
NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.?")


class Unusable(ValueError):
    """A URL or an address that no webhook may go to. The sentence is for staff."""


@dataclass(frozen=True)
class Policy:
    """What the installation adds: inner networks that are allowed after all, and ports of the outside."""

    allow: tuple[Network, ...] = ()
    ports: tuple[int, ...] = (80, 443)


@dataclass(frozen=True)
class Target:
    """A URL taken apart: where to connect, what to ask for."""

    scheme: str
    host: str  # as it stands in Host and SNI; an IPv6 address without brackets
    port: int
    path: str  # with its query


def target_of(url: str) -> Target:
    """Read a URL the strict way.

    Raises:
        Unusable: it is none that a webhook may have, whatever it resolves to.
    """
    if len(url) > LONGEST_URL:
        raise Unusable(f"The address is longer than {LONGEST_URL} characters.")
    if not url.isascii() and _outside_host(url):
        raise Unusable("The address has characters in its path that must be percent-encoded.")
    if re.search(r"[\x00-\x20\x7f\\]", url):
        raise Unusable("The address has spaces, control characters or backslashes in it.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Unusable("This is not an address: write it as in https://hooks.example.com/path.") from error
    if parts.scheme not in PORTS:
        raise Unusable("The address must begin with https:// or http://.")
    if "@" in parts.netloc:
        raise Unusable("The address has a user name or password in it: use the signature to know us by.")
    if parts.fragment or "#" in url:
        raise Unusable("The address has a # in it, which is never sent.")
    if "[" in parts.netloc and not BRACKETS.fullmatch(parts.netloc):
        raise Unusable("What stands in brackets is no IPv6 address.")
    host = _host(parts.hostname or "", bracketed="[" in parts.netloc)
    if port == 0:
        raise Unusable("There is no port 0.")
    path = parts.path or "/"
    return Target(parts.scheme, host, port or PORTS[parts.scheme], f"{path}?{parts.query}" if parts.query else path)


def refusal(address: str, port: int, policy: Policy) -> str | None:
    """Why a connection to this address is refused; None when it may be made."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "it does not resolve to an address"
    if any(ip in network for network in policy.allow if network.version == ip.version):
        return None
    if not _is_outside(ip):
        return "it leads to an inner address; WIDGET_WEBHOOK_ALLOW names those that may be reached"
    if port not in policy.ports:
        return f"port {port} is not open to webhooks; WIDGET_WEBHOOK_PORTS names those that are"
    return None


def cleared(addresses: Sequence[str], port: int, policy: Policy) -> list[str]:
    """The same addresses, if all of them may be connected to: one inner among them spoils the name.

    Raises:
        Unusable: why not.
    """
    if not addresses:
        raise Unusable("the name does not resolve")
    for address in addresses:
        why = refusal(address, port, policy)
        if why:
            raise Unusable(why)
    return list(addresses)


def literal(host: str) -> str | None:
    """The address, where the host is one."""
    try:
        return str(ip_address(host))
    except ValueError:
        return None


def network_of(text: str) -> Network:
    """Raises ValueError for what is no network."""
    return ip_network(text.strip())


def _is_outside(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in INNER_V4)
    if ip.scope_id is not None:
        return False
    return ip in GLOBAL_V6 and not any(ip in network for network in INNER_V6)


def _outside_host(url: str) -> bool:
    """Whether what is not ASCII stands elsewhere than in the name."""
    rest = re.sub(r"^[a-zA-Z]+://[^/?#]*", "", url)
    return not rest.isascii()


def _host(host: str, bracketed: bool) -> str:
    if bracketed:
        if literal(host) is None:
            raise Unusable("What stands in brackets is no IPv6 address.")
        return host
    try:
        name = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError as error:
        raise Unusable("The host’s name can’t be written in DNS.") from error
    name = name.lower()
    if NUMBER.fullmatch(name.rstrip(".").rpartition(".")[2]):  # a number at the end: then all of it is an address
        if literal(name) is None:
            raise Unusable("Write an address as four plain numbers, as in 192.0.2.10.")
        return name
    if not NAME.fullmatch(name):
        raise Unusable("The host’s name is no name in DNS.")
    return name
