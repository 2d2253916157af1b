"""Keys that can't be used are refused by every command, in a sentence that holds none of them."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from widget_server.cli import main
from widget_server.config import WrongSetting, ensure_keys, load_settings, new_keys

GOOD = new_keys()
SECRET, FERNET = str(GOOD["secret_key"]), str(GOOD["encryption_keys"][0])  # type: ignore[index]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("WIDGET_SECRET_KEY", "WIDGET_ENCRYPTION_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WIDGET_INSTANCE", str(tmp_path / "instance"))
    (tmp_path / "instance").mkdir()
    return tmp_path / "instance"


FILES = {
    "empty": "", "no object": "[]", "rubbish": "\x00{{", "nothing in it": "{}", "null": "null",
    "one of the two": json.dumps({"secret_key": SECRET}),
    "a string, not a list": json.dumps({"secret_key": SECRET, "encryption_keys": FERNET}),
    "no keys": json.dumps({"secret_key": SECRET, "encryption_keys": []}),
    "a key that is none": json.dumps({"secret_key": SECRET, "encryption_keys": [FERNET, "abc"]}),
    "a number": json.dumps({"secret_key": SECRET, "encryption_keys": [12]}),
    "a short secret": json.dumps({"secret_key": "x", "encryption_keys": [FERNET]}),
    "no text": b"\xff\xfe\x00",
}  # fmt: skip


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_a_file_of_keys_that_cannot_be_used(place: Path, content: str | bytes) -> None:
    (place / "keys.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(WrongSetting, match=r"keys\.json") as refused:
        load_settings()
    assert FERNET not in str(refused.value)
    for command in (["serve"], ["worker"], ["doctor"], ["site", "list"], ["backup", "x"]):
        done = CliRunner().invoke(main, command)
        assert (done.exit_code, done.output) == (1, f"Error: {refused.value}\n")


VARIABLES = {
    "no key": (SECRET, "abc", "WIDGET_ENCRYPTION_KEYS: it is no Fernet key"),
    "not all": (SECRET, f"{FERNET},", "key 2 of 2 is no Fernet key"),
    "too short a key": (SECRET, FERNET[:-4], "no Fernet key"),
    "letters of elsewhere": (SECRET, "ключ" * 11, "no Fernet key"),
    "a short secret": ("x" * 31, FERNET, "WIDGET_SECRET_KEY is shorter than 32"),
    "the secret alone": (SECRET, "", "WIDGET_SECRET_KEY is set and WIDGET_ENCRYPTION_KEYS is not: set both"),
    "the keys alone": ("", FERNET, "WIDGET_ENCRYPTION_KEYS is set and WIDGET_SECRET_KEY is not: set both"),
}


@pytest.mark.parametrize(("secret", "keys", "said"), VARIABLES.values(), ids=VARIABLES)
def test_variables_that_cannot_be_used(
    place: Path, monkeypatch: pytest.MonkeyPatch, secret: str, keys: str, said: str
) -> None:
    ensure_keys(place)  # is there, and must not be taken instead
    monkeypatch.setenv("WIDGET_SECRET_KEY", secret)
    monkeypatch.setenv("WIDGET_ENCRYPTION_KEYS", keys)
    with pytest.raises(WrongSetting, match=said):
        load_settings()


def test_what_fernet_takes_is_taken_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_SECRET_KEY", SECRET)
    monkeypatch.setenv("WIDGET_ENCRYPTION_KEYS", f"{FERNET}, {FERNET}")
    assert load_settings().encryption_keys == (FERNET, f" {FERNET}")


def test_init_names_the_secrets_that_are_used(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"Secrets are in {place / 'keys.json'}" in CliRunner().invoke(main, ["init"]).output
    (place / "keys.json").unlink()
    monkeypatch.setenv("WIDGET_SECRET_KEY", SECRET)
    monkeypatch.setenv("WIDGET_ENCRYPTION_KEYS", FERNET)
    assert "Secrets are in WIDGET_SECRET_KEY and WIDGET_ENCRYPTION_KEYS" in CliRunner().invoke(main, ["init"]).output
    assert not (place / "keys.json").exists()


def test_the_folder_that_init_makes_is_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDGET_INSTANCE", str(tmp_path / "new"))
    CliRunner().invoke(main, ["init"])
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
