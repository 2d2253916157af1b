"""Real proxies for tests: the shipped files of nginx and Caddy, with only names, ports, paths and certificates put in."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.conftest import REPOSITORY
from tests.postgres import free_port

DEPLOY = REPOSITORY / "deploy"
NAME = "feedback.example.com"
PATH = f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin{os.pathsep}/sbin"


def program(name: str) -> str | None:
    return shutil.which(name, path=PATH)


@dataclass(frozen=True)
class Proxy:
    """A running proxy: its TLS port, and the folder with its logs and certificate."""

    port: int
    folder: Path
    context: ssl.SSLContext
    caller: str  # the address that this proxy's visitors have, so that each proxy has limits of its own

    def line(self, timeout: float = 10) -> ssl.SSLSocket:
        """A connection on which bytes are written by hand."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=timeout, source_address=(self.caller, 0))
        return self.context.wrap_socket(plain, server_hostname=NAME)

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=self.context)
        connection.sock = self.line(20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"Host": NAME} | named)
        answer = connection.getresponse()
        found = answer.status, answer.headers, answer.read()
        connection.close()
        return found


def make_certificate(folder: Path, name: str = NAME) -> tuple[Path, Path, ssl.SSLContext]:
    """A certificate that signs itself, its key, and a client's context that trusts it alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName(
        [x509.DNSName(name), x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    )
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    chain, secret = folder / "fullchain.pem", folder / "privkey.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return chain, secret, ssl.create_default_context(cafile=str(chain))


def nginx_files(folder: Path, upstreams: list[int], **changes: str) -> tuple[Path, int, ssl.SSLContext]:
    """The shipped file, included by a minimal nginx.conf of the test's own. `changes` replace words in it."""
    tls, plain = free_port(), free_port()
    chain, key, context = make_certificate(folder)
    servers = "\n    ".join(f"server 127.0.0.1:{port};" for port in upstreams)
    told = {
        "server 127.0.0.1:8000;": servers, "listen 80;": f"listen 127.0.0.1:{plain};", "listen [::]:80;": "",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{tls} ssl http2;", "listen [::]:443 ssl http2;": "",
        "/etc/ssl/widget/fullchain.pem": str(chain), "/etc/ssl/widget/privkey.pem": str(key),
        "/var/cache/nginx/widget": str(folder / "cache"), "/var/log/nginx": str(folder),
    }  # fmt: skip
    text = (DEPLOY / "nginx" / "widget-server.conf").read_text()
    for old, new in (told | changes).items():
        assert old in text, f"{old!r} is not in the shipped file"
        text = text.replace(old, new)
    (folder / "site.conf").write_text(text)
    temporary = "".join(
        f"    {kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""  # nobody could not read the test's folder
    main.write_text(
        f"{user}daemon off;\nworker_processes 1;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log crit;\n"
        f"events {{ worker_connections 256; }}\nhttp {{\n{temporary}    include {folder}/site.conf;\n}}\n"
    )
    return main, tls, context


@contextmanager
def running_nginx(folder: Path, upstreams: list[int], **changes: str) -> Iterator[Proxy]:
    main, port, context = nginx_files(folder, upstreams, **changes)
    with _running([program("nginx") or "nginx", "-p", str(folder), "-e", "stderr", "-c", str(main)], folder, port):
        yield Proxy(port, folder, context, "127.0.0.21")


@contextmanager
def running_caddy(folder: Path, upstream: int) -> Iterator[Proxy]:
    port, plain = free_port(), free_port()
    chain, key, context = make_certificate(folder)
    text = (DEPLOY / "caddy" / "Caddyfile").read_text()
    for old, new in {
        "admin off": f"admin off\n\thttp_port {plain}\n\thttps_port {port}\n\tdefault_bind 127.0.0.1\n"
        "\tauto_https disable_redirects",
        "feedback.example.com {": f"{NAME} {{\n\ttls {chain} {key}",
        "127.0.0.1:8000": f"127.0.0.1:{upstream}", "/var/log/caddy": str(folder),
    }.items():  # fmt: skip
        assert old in text, f"{old!r} is not in the shipped file"
        text = text.replace(old, new)
    (folder / "Caddyfile").write_text(text)
    with _running(
        [program("caddy") or "caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"], folder, port
    ):
        yield Proxy(port, folder, context, "127.0.0.22")


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    environment = {"PATH": PATH, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with open(folder / "proxy.log", "ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        until = time.monotonic() + 15
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > until or process.poll() is not None:
                    raise AssertionError((folder / "proxy.log").read_text()) from None
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(15)


@contextmanager
def relay(port: int) -> Iterator[tuple[int, Callable[[], None]]]:
    """A port that leads to another one until it is cut: the way to the server, without the server's death."""
    listening = socket.create_server(("127.0.0.1", 0))
    lines: list[socket.socket] = []

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(65536):
                target.sendall(part)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def accept() -> None:
        with suppress(OSError):
            while True:
                near = listening.accept()[0]
                far = socket.create_connection(("127.0.0.1", port))
                lines.extend((near, far))
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=pump, args=ends, daemon=True).start()

    def cut() -> None:
        for line in [listening, *lines]:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listening.getsockname()[1], cut
    finally:
        cut()
