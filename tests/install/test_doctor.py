"""`doctor` names what is wrong, and what to do: each state is made real, then asked about."""

from __future__ import annotations

import http.server
import os
import shutil
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from flask import Flask

from tests.conftest import REPOSITORY, make_settings
from tests.install.proxies import Proxy, make_certificate
from tests.postgres import free_port
from tests.proofs.installation import Installation
from tests.redis_server import RedisServer
from widget_server import checkup, clock, health, jobs
from widget_server.app import create_app
from widget_server.checks import machine
from widget_server.checks.address import _judged, about_address
from widget_server.checks.finding import Finding
from widget_server.checks.machine import about_clock, about_disk, filesystem_of
from widget_server.checks.mail import about_mail
from widget_server.checks.processes import about_limits
from widget_server.checks.shipped import about_shipped
from widget_server.clock import HOUR, now_ms
from widget_server.config import Settings, Smtp, ensure_keys, new_keys
from widget_server.database import db, writing, writing_connection
from widget_server.migrations import runner
from widget_server.sites.operations import create_site


def by_subject(findings: Iterator[Finding] | list[Finding]) -> dict[str, Finding]:
    return {finding.about: finding for finding in findings}


def is_wrong(findings: Iterator[Finding] | list[Finding], about: str, *words: str) -> None:
    finding = by_subject(findings)[about]
    assert not finding.ok, finding
    assert all(word in finding.says for word in words), finding


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Flask]:
    """With keys, tables and a beating worker: nothing is wrong."""
    ensure_keys(tmp_path)
    app = create_app(make_settings(tmp_path, base_url="http://127.0.0.1:1", limits_url="memory://"))
    with app.app_context():
        runner.upgrade(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_fresh_installation_lacks_a_worker_alone(installed: Flask) -> None:
    assert [one.about for one in checkup.findings() if not one.ok] == ["worker"]
    with writing():
        jobs.beat()
    wrong = [one for one in checkup.findings() if not one.ok]
    assert [one.about for one in wrong] == ["reached"]  # a worker beats, so a server should answer
    assert "nobody listens" in wrong[0].says


def test_keys_that_others_can_read(installed: Flask, tmp_path: Path) -> None:
    (tmp_path / "keys.json").chmod(0o644)
    is_wrong(checkup.findings(), "secrets", "mode 644", "chmod 600")


def test_a_data_folder_that_others_can_read(installed: Flask, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    is_wrong(checkup.findings(), "data folder", "mode 755", "chmod 700")
    tmp_path.chmod(0o750)
    assert by_subject(checkup.findings())["data folder"].ok


def test_secrets_of_the_environment_are_named_where_a_file_is_there_too(
    installed: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIDGET_SECRET_KEY", "x" * 32)
    monkeypatch.setenv("WIDGET_ENCRYPTION_KEYS", "y")
    said = by_subject(checkup.findings())["secrets"].says
    assert said.startswith("from WIDGET_SECRET_KEY and WIDGET_ENCRYPTION_KEYS; ")
    assert said.endswith("keys.json is not used")


def test_an_analyser_that_there_is_not(installed: Flask) -> None:
    chosen = replace(installed.extensions["widget_settings"], analysers=("ensemble", "foo"))
    installed.extensions["widget_settings"] = chosen
    is_wrong(checkup.findings(), "models", "no analyser 'foo'", "WIDGET_ANALYSERS")


def test_keys_that_do_not_open_what_was_sealed(installed: Flask, tmp_path: Path) -> None:
    with writing():
        create_site("Shop", key="shop", origins=[])
    assert by_subject(checkup.findings())["sealed"].ok
    other = replace(installed.extensions["widget_settings"], encryption_keys=tuple(new_keys()["encryption_keys"]))  # type: ignore[arg-type]
    installed.extensions["widget_settings"] = other
    is_wrong(checkup.findings(), "sealed", "can't be read", "WIDGET_ENCRYPTION_KEYS")


def test_a_clock_that_differs(any_app: Flask, tmp_path: Path) -> None:
    with clock.travel(now_ms() + HOUR):
        is_wrong(about_clock(tmp_path, checkup._database_now()), "clock", "3600 s behind", "NTP")
    assert by_subject(about_clock(tmp_path, checkup._database_now()))["clock"].ok


def test_a_worker_whose_clock_is_ahead(installed: Flask) -> None:
    with clock.travel(now_ms() + HOUR), writing():
        jobs.beat()
    is_wrong(checkup.findings(), "worker", "ahead", "NTP")


def test_commits_that_do_not_reach_the_disk(installed: Flask, postgres_url: str, tmp_path: Path) -> None:
    with db.engine.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA synchronous = 1")  # type: ignore[union-attr]
        connection.connection.dbapi_connection.commit = lambda: None  # type: ignore[union-attr]
    is_wrong([checkup._about_durability()], "durability", "synchronous is 1")
    app = create_app(make_settings(tmp_path, database_url=f"{postgres_url}?options=-csynchronous_commit%3Doff"))
    with app.app_context():
        is_wrong([checkup._about_durability()], "durability", "synchronous_commit is off")
        db.engine.dispose()


def test_tables_of_a_newer_release(installed: Flask) -> None:
    with writing_connection(db.engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    is_wrong(checkup.findings(), "tables", "revision 9999", "a newer release's. Install that one")
    assert "db upgrade" not in by_subject(checkup.findings())["tables"].says


def test_tables_of_an_older_release(installed: Flask) -> None:
    runner.downgrade(db.engine, "0001")
    is_wrong(checkup.findings(), "tables", "revision 0001", "widget-server db upgrade")


@pytest.mark.parametrize("kind", ["away", "no database"])
def test_a_database_that_cannot_be_used(kind: str, tmp_path: Path) -> None:
    url = f"postgresql://postgres@127.0.0.1:{free_port()}/none"
    if kind == "no database":
        (tmp_path / "widget.db").write_bytes(b"not a database" * 100)
        url = f"sqlite:///{tmp_path / 'widget.db'}"
    with create_app(make_settings(tmp_path, database_url=url)).app_context():
        is_wrong(checkup.findings(), "database", "WIDGET_DATABASE_URL")


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 2**62)  # no disk has that much
    is_wrong(about_disk(tmp_path, True), "disk", "are free", "make room")
    is_wrong(about_disk(tmp_path / "gone", True), "disk", "can't be read")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_that_is_somebody_elses(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    pid = os.fork()
    if pid == 0:
        for folder in (tmp_path, *list(tmp_path.parents)[:2]):
            folder.chmod(0o755)
        os.setuid(65534)
        os._exit(0 if any(one.about == "data folder" and not one.ok for one in about_disk(tmp_path, True)) else 1)
    assert os.waitpid(pid, 0)[1] == 0


def test_a_data_folder_on_a_network_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = f"/dev/sda1 / ext4 rw 0 0\nfiles:/export {tmp_path} nfs4 rw 0 0\ntmpfs {tmp_path}/else tmpfs rw 0 0\n"
    assert filesystem_of(tmp_path / "deep", mounts) == "nfs4"
    assert filesystem_of(Path("/etc"), mounts) == "ext4"
    monkeypatch.setattr(machine, "_mounts", lambda: mounts)
    is_wrong(about_disk(tmp_path, True), "data folder", "network share (nfs4)", "PostgreSQL")
    assert by_subject(about_disk(tmp_path, False))["data folder"].ok


@contextmanager
def answering(status: int, words: bytes) -> Iterator[str]:
    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(words)

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "words", "told"),
    [(200, b"hello", "something else"), (404, b"", "answers 404"), (302, b"", "answers 302"),
     (200, b'{"checks": {"process": "ok"}}', "")],
    ids=["another server", "another site", "a redirect", "no doctor"],
)  # fmt: skip
def test_an_address_that_leads_elsewhere(status: int, words: bytes, told: str, tmp_path: Path) -> None:
    with answering(status, words) as url:
        found = list(about_address(make_settings(tmp_path, base_url=url), served=True))
    is_wrong(found, "reached" if told else "same secrets", told)


def test_an_address_without_tls_that_is_not_local(tmp_path: Path) -> None:
    found = list(about_address(make_settings(tmp_path, base_url="http://feedback.invalid"), served=False))
    is_wrong(found, "address", "https")
    is_wrong(found, "reached", "DNS")


@pytest.fixture
def through(behind: Installation, nginx: Proxy) -> Settings:
    """Settings of the server behind nginx, at the address that nginx has."""
    return replace(behind.settings, base_url=f"https://127.0.0.1:{nginx.port}", trusted_proxies=1)


@pytest.fixture
def believed(nginx: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(nginx.folder / "fullchain.pem"))


def test_a_certificate_that_nobody_believes(through: Settings) -> None:
    is_wrong(about_address(through, served=True), "reached", "certificate is not believed")


@pytest.mark.usefixtures("believed")
def test_through_a_real_proxy_all_is_well(through: Settings) -> None:
    found = list(about_address(through, served=True))
    assert [one for one in found if not one.ok] == []
    assert {"reached", "same secrets", "proxy hops"} <= {one.about for one in found}


@pytest.mark.usefixtures("believed")
@pytest.mark.parametrize(
    ("trusted", "words"), [(0, "every visitor counts as one"), (2, "can write any address")], ids=["too few", "too many"]
)
def test_hops_that_are_not_there(through: Settings, trusted: int, words: str) -> None:
    is_wrong(about_address(replace(through, trusted_proxies=trusted), served=True), "proxy hops", words, "set it to 1")


@pytest.mark.usefixtures("believed")
def test_a_server_with_other_secrets(through: Settings) -> None:
    is_wrong(about_address(replace(through, secret_key="x" * 40), served=True), "same secrets", "WIDGET_SECRET_KEY")


def test_a_stranger_is_told_nothing_of_the_inside(client: Any) -> None:
    answer = client.get("/healthz", headers={health.DOCTOR: "1795000000000.AAAAAAAAAAAAAAAAAAAAAA"})
    assert health.DOCTOR not in answer.headers
    stale = health.doctors_pass(client.application.extensions["widget_settings"].secret_key, now_ms() - HOUR)
    assert health.DOCTOR not in client.get("/healthz", headers={health.DOCTOR: stale}).headers


def test_several_processes_that_count_each_for_itself(tmp_path: Path) -> None:
    answers = [{"hops": "0", "scheme": "http", "process": name, "date": "Sun, 01 Nov 2026 00:00:00 GMT"} for name in "ab"]
    found = list(_judged(answers, make_settings(tmp_path)))
    is_wrong(found, "limits", "2 web processes", "WIDGET_LIMITS_URL")
    is_wrong(found, "clock there", "NTP")


def test_a_store_of_limits_that_is_away(tmp_path: Path, redis_server: RedisServer) -> None:
    away = make_settings(tmp_path, limits_url=f"redis://:secret@127.0.0.1:{free_port()}/0")
    is_wrong(about_limits(away), "limits", "does not answer")
    assert "secret" not in by_subject(about_limits(away))["limits"].says
    assert by_subject(about_limits(make_settings(tmp_path, limits_url=redis_server.url)))["limits"].ok


class Post:
    """What aiosmtpd asks; `refuses` senders where told."""

    refuses = False

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.mail_from = address
        return "550 not you" if self.refuses else "250 OK"


StartPost = Callable[..., Smtp]


@pytest.fixture
def post(tmp_path: Path) -> Iterator[StartPost]:
    """`post(tls=True, refuses=False)`: a mail server that knows ida with the password right; returns settings for it."""
    running: list[Controller] = []

    def start(*, tls: bool = True, refuses: bool = False, **changes: Any) -> Smtp:
        box, port = Post(), free_port()
        box.refuses = refuses
        chain, key, _ = make_certificate(tmp_path)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key)

        def knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
            return AuthResult(success=(data.login, data.password) == (b"ida", b"right"), handled=False)

        options = {"tls_context": context, "authenticator": knows, "auth_require_tls": True} if tls else {}
        running.append(Controller(box, hostname="127.0.0.1", port=port, **options))
        running[-1].start()
        values = {"username": "ida", "password": "right", "security": "starttls"} | changes
        return Smtp(host="127.0.0.1", port=port, sender="Shop <care@shop.example>", **values)

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def trusted_post(post: StartPost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StartPost:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "fullchain.pem"))
    return post


def test_mail_that_works(trusted_post: StartPost) -> None:
    finding = about_mail(trusted_post())
    assert (finding.ok, finding.says.split(" ", 1)[1]) == (True, "answers with STARTTLS, and knows us")


@pytest.mark.parametrize(
    ("how", "changes", "words"),
    [
        ({}, {"password": "wrong"}, "refuses our user name or password"),
        ({"tls": False}, {}, "WIDGET_SMTP_SECURITY"),
        ({}, {"security": "tls"}, "TLS fails"),
        ({"refuses": True}, {}, "refuses our sender"),
    ],
    ids=["a wrong password", "no STARTTLS", "TLS at the wrong port", "a refused sender"],
)
def test_mail_that_would_not_go_out(
    trusted_post: StartPost, how: dict[str, Any], changes: dict[str, Any], words: str
) -> None:
    is_wrong([about_mail(trusted_post(**how, **changes))], "mail", words)


def test_a_mail_server_that_nobody_believes(post: StartPost) -> None:
    is_wrong([about_mail(post())], "mail", "certificate is not believed")


def test_a_mail_server_that_is_not_there(post: StartPost) -> None:
    is_wrong([about_mail(replace(post(), port=free_port()))], "mail", "does not answer", "WIDGET_SMTP_HOST")


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A copy of what came with the release, to be spoiled."""
    package = REPOSITORY / "widget_server"
    shutil.copytree(package / "static" / "widget", tmp_path / "static" / "widget")
    (tmp_path / "scoring" / "trained").mkdir(parents=True)
    shutil.copy(package / "scoring" / "trained" / "combination.json", tmp_path / "scoring" / "trained")
    shutil.copytree(REPOSITORY / "surveys", tmp_path / "surveys")
    return tmp_path


def test_a_release_that_is_not_whole(release: Path) -> None:
    ours = make_settings(release, surveys_dir=release / "surveys")
    (release / "static" / "widget" / "widget.js").unlink()
    (release / "surveys" / "feedback.yaml").write_text("title: {en: x}\nlanguages: [en]\nquestoins: []\n")
    found = list(about_shipped(ours, release))
    is_wrong(found, "widget", "widget.js", "install the release again")
    is_wrong(found, "surveys", "feedback.yaml:", "surveys check")
    is_wrong(found, "models", "there is none")
    (release / "static" / "widget" / "manifest.json").write_text("{")
    is_wrong(about_shipped(replace(ours, surveys_dir=release / "none"), release), "widget", "can't be read")
    is_wrong(about_shipped(replace(ours, surveys_dir=release / "none"), release), "surveys", "no survey here")
