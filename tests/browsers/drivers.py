"""A visitor in Chromium, Firefox or WebKit: the same few gestures, each by the way that its browser can be driven.

Firefox speaks WebDriver BiDi itself, over one socket. WebKit is GTK's MiniBrowser behind its own driver, on a screen
that nobody sees. What a machine lacks is said in the `Missing` that is raised.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import websocket
from playwright.sync_api import Browser
from selenium import webdriver
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.mouse_button import MouseButton
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

KEYS = {
    "Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c", "ArrowRight": "\ue014", "ArrowDown": "\ue015",
    "Space": " ", "F6": "\ue036", "Shift": "\ue008",
}  # fmt: skip
Point = tuple[float, float]
WIDE, HIGH = 1280, 800
QUIET = {  # of Firefox: what it does by itself beside the page, which takes more than the page
    "browser.shell.checkDefaultBrowser": False, "datareporting.policy.dataSubmissionEnabled": False,
    "browser.newtab.preload": False, "dom.ipc.processPrelaunch.enabled": False, "app.normandy.enabled": False,
    "browser.safebrowsing.malware.enabled": False, "browser.safebrowsing.phishing.enabled": False,
    "extensions.update.enabled": False, "browser.topsites.contile.enabled": False, "browser.search.update": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1", "browser.region.network.url": "",
    "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
    "browser.startup.page": 0, "browser.pagethumbnails.capturing_disabled": True,
}  # fmt: skip


class Missing(Exception):
    """One sentence on what this machine lacks."""


class Driver(Protocol):
    def goes_to(self, url: str) -> None: ...
    def js(self, expression: str) -> Any:
        """The value of an expression in the page; what it throws is raised."""

    def clicks(self, at: Point) -> None: ...
    def moves(self, *through: Point) -> None: ...
    def presses(self, key: str, *, shift: bool = False) -> None: ...
    def types(self, words: str) -> None: ...
    def stop(self) -> None: ...


class Chromium:
    def __init__(self, browser: Browser) -> None:
        self._context = browser.new_context(viewport={"width": WIDE, "height": HIGH})
        self._page = self._context.new_page()

    def goes_to(self, url: str) -> None:
        self._page.goto(url)

    def js(self, expression: str) -> Any:
        return self._page.evaluate(expression)

    def clicks(self, at: Point) -> None:
        self._page.mouse.click(*at)

    def moves(self, *through: Point) -> None:
        for at in through:
            self._page.mouse.move(*at)

    def presses(self, key: str, *, shift: bool = False) -> None:
        self._page.keyboard.press(f"Shift+{key}" if shift else key)

    def types(self, words: str) -> None:
        self._page.keyboard.type(words)

    def stop(self) -> None:
        self._context.close()


class Firefox:
    def __init__(self) -> None:
        program = _program("firefox-esr", "firefox", package="firefox-esr")
        self._profile = Path(tempfile.mkdtemp(prefix="widget-firefox-"))
        prefs = "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in QUIET.items())
        (self._profile / "user.js").write_text(prefs)
        log = self._profile / "firefox.log"
        command = [program, "--headless", "--no-remote", "--profile", str(self._profile), "--remote-debugging-port", "0"]
        environment = os.environ | {"HOME": str(self._profile), "MOZ_DISABLE_CONTENT_SANDBOX": "1"}
        with log.open("wb") as out:
            self._process = subprocess.Popen([*command, "about:blank"], stdout=out, stderr=out, env=environment)
        try:
            said = _until(lambda: re.search(r"BiDi listening on (ws://\S+)", log.read_text(errors="replace")), 90)
            self._socket = websocket.create_connection(f"{said[1]}/session", suppress_origin=True, timeout=60)
            self._number = 0
            self._tell("session.new", capabilities={})
            self._context = self._tell("browsingContext.getTree")["contexts"][0]["context"]
            self._tell("browsingContext.setViewport", context=self._context, viewport={"width": WIDE, "height": HIGH})
        except Exception:
            self.stop()
            raise

    def _tell(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            said: dict[str, Any] = json.loads(self._socket.recv())
            if said.get("id") == self._number:
                if said["type"] == "error":
                    raise AssertionError(f"{method}: {said['error']}: {said['message']}")
                result: dict[str, Any] = said["result"]
                return result

    def goes_to(self, url: str) -> None:
        self._tell("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def js(self, expression: str) -> Any:
        told = self._tell(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})) ?? 'null')()",
            target={"context": self._context},
            awaitPromise=True,
        )
        if told["type"] == "exception":
            raise AssertionError(told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])

    def _act(self, kind: str, actions: list[dict[str, Any]]) -> None:
        source = {"type": kind, "id": kind, "actions": actions}
        more = {"parameters": {"pointerType": "mouse"}} if kind == "pointer" else {}
        self._tell("input.performActions", context=self._context, actions=[source | more])

    def clicks(self, at: Point) -> None:
        move = {"type": "pointerMove", "x": round(at[0]), "y": round(at[1])}
        self._act("pointer", [move, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}])

    def moves(self, *through: Point) -> None:
        self._act("pointer", [{"type": "pointerMove", "x": round(x), "y": round(y)} for x, y in through])

    def presses(self, key: str, *, shift: bool = False) -> None:
        hit = _stroke(KEYS[key])
        held = [{"type": "keyDown", "value": KEYS["Shift"]}, *hit, {"type": "keyUp", "value": KEYS["Shift"]}]
        self._act("key", held if shift else hit)

    def types(self, words: str) -> None:
        self._act("key", [stroke for letter in words for stroke in _stroke(letter)])

    def stop(self) -> None:
        if hasattr(self, "_socket"):
            self._socket.close()
        _end(self._process)
        shutil.rmtree(self._profile, ignore_errors=True)


class WebKit:
    def __init__(self) -> None:
        driver = _program("WebKitWebDriver", package="webkit2gtk-driver")
        screen = _program("Xvfb", package="xvfb")
        browsers = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
        if not browsers:
            raise Missing("no MiniBrowser of WebKitGTK; on Debian and Ubuntu 'apt install webkit2gtk-driver'")
        read, write = os.pipe()
        size = ("-screen", "0", f"{WIDE + 120}x{HIGH + 300}x24")
        self._screen = subprocess.Popen(
            [screen, "-displayfd", str(write), *size, "-nolisten", "tcp"],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as told:
            display = f":{told.readline().strip()}"
        options = Options()
        options.binary_location = str(browsers[-1])
        options.add_argument("--automation")
        sandbox = {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"} if os.geteuid() == 0 else {}
        environment = os.environ | {"DISPLAY": display, "GDK_BACKEND": "x11", **sandbox}
        try:
            service = Service(executable_path=driver, env=environment, log_output=subprocess.DEVNULL)
            self._driver = webdriver.WebKitGTK(options=options, service=service)
            self._driver.set_window_size(WIDE, HIGH)
        except Exception:
            _end(self._screen)
            raise

    def goes_to(self, url: str) -> None:
        self._driver.get(url)

    def js(self, expression: str) -> Any:
        script = "const told = arguments[arguments.length - 1]; Promise.resolve().then(() => (EXPRESSION)).then("
        script += "(value) => told([value === undefined ? null : value]), (error) => told([null, String(error)]));"
        value, *problem = self._driver.execute_async_script(script.replace("EXPRESSION", expression))
        assert not problem, problem
        return value

    def clicks(self, at: Point) -> None:
        actions = ActionBuilder(self._driver, duration=0)
        actions.pointer_action.move_to_location(round(at[0]), round(at[1])).pointer_down(MouseButton.LEFT)
        actions.pointer_action.pointer_up(MouseButton.LEFT)
        actions.perform()

    def moves(self, *through: Point) -> None:
        actions = ActionBuilder(self._driver, duration=0)
        for x, y in through:
            actions.pointer_action.move_to_location(round(x), round(y))
        actions.perform()

    def presses(self, key: str, *, shift: bool = False) -> None:
        self._hit(*([KEYS["Shift"]] if shift else []), KEYS[key])

    def types(self, words: str) -> None:
        for letter in words:
            self._hit(letter)

    def _hit(self, *keys: str) -> None:
        actions = ActionBuilder(self._driver, duration=0)
        for key in keys:
            actions.key_action.key_down(key)
        for key in reversed(keys):
            actions.key_action.key_up(key)
        actions.perform()

    def stop(self) -> None:
        try:
            self._driver.quit()
        finally:
            _end(self._screen)


def _program(*names: str, package: str) -> str:
    for name in names:
        if found := shutil.which(name):
            return found
    raise Missing(f"no {names[0]}; on Debian and Ubuntu 'apt install {package}'")


def _stroke(letter: str) -> list[dict[str, Any]]:
    return [{"type": "keyDown", "value": letter}, {"type": "keyUp", "value": letter}]


def _until(there: Callable[[], Any], seconds: float) -> Any:
    end = time.monotonic() + seconds
    while not (found := there()):
        assert time.monotonic() < end, "the browser did not start"
        time.sleep(0.05)
    return found


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)
