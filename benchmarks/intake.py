"""CPU of a submission's way in, beside a bare Flask echo, the obvious ORM version and (--peers) others, all on one server.

Every acknowledgement of ours is on the disk before it is sent; the worker, which goes on after it, is `./dev bench
processing`. Rounds alternate and medians are told, so that what else the machine does hits all alike.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks import peers as other_projects
from benchmarks.bodies import requests
from benchmarks.frame import Measured, Row, Size, command, say
from benchmarks.load import Attack, Outcome, attack, quantile
from benchmarks.metering import cpu_seconds, tree
from benchmarks.servers import Serving, baseline, ours
from benchmarks.syncs import count_syncs
from tests.proofs.installation import installation

MANY = 16


@dataclass
class Contender:
    """Somebody who is measured, and what each round found."""

    name: str
    serving: Serving
    requests: list[str]
    redirects: bool = False
    cpu: dict[int, list[float]] = field(default_factory=dict)  # by connections: ms a request
    outcomes: dict[int, list[Outcome]] = field(default_factory=dict)

    def measure(self, connections: int, seconds: float) -> None:
        before = cpu_seconds(tree(self.serving.pid))
        job = Attack(self.serving.port, self.requests, 10**6, connections, most_seconds=seconds, redirects=self.redirects)
        outcome = attack(job)
        spent = cpu_seconds(tree(self.serving.pid)) - before
        if outcome.broken > connections or not outcome.done:
            raise RuntimeError(f"{self.name} refused: {outcome.statuses}, {outcome.broken} broken")
        self.cpu.setdefault(connections, []).append(spent / outcome.done * 1000)
        self.outcomes.setdefault(connections, []).append(outcome)

    def cpu_ms(self, connections: int = MANY) -> float:
        return median(self.cpu[connections])

    def row(self, echo_ms: float) -> Row:
        row: Row = {"": self.name, "CPU ms": self.cpu_ms(), "× echo": self.cpu_ms() / echo_ms}
        row["CPU ms, 1 conn."] = self.cpu_ms(1)
        for connections in (1, MANY):
            found = self.outcomes[connections]
            row[f"req/s, {connections}"] = round(median(one.done / one.seconds for one in found))
            row[f"refused, {connections}"] = sum(len(one.refused_ms) for one in found)
            row[f"p50 ms, {connections}"] = median(quantile(one.took_ms, 0.5) for one in found)
            row[f"p99 ms, {connections}"] = median(quantile(one.took_ms, 0.99) for one in found)
        return row


def measure(size: Size, peers: bool = False, textblob: bool = False) -> Measured:
    with _contenders(peers, textblob, size.cold) as (contenders, notes):
        for one in contenders:
            one.measure(4, size.of(100, 50, 5) / 100)  # warm
        for contender in contenders:
            contender.cpu.clear()
            contender.outcomes.clear()
        for turn in range(size.of(5, 3, 1)):
            say(f"round {turn + 1}")
            for one in contenders:
                one.measure(MANY, size.of(400, 150, 10) / 100)
                one.measure(1, size.of(200, 100, 5) / 100)
        if size.name != "tiny":
            first = contenders[0]
            notes.append(count_syncs(first.serving.pid, Attack(first.serving.port, first.requests, 100)))
    named = {one.name: one for one in contenders}
    echo_ms = named["Flask echo"].cpu_ms()
    return Measured([one.row(echo_ms) for one in contenders], [*_verdicts(named), *notes])


def _verdicts(named: dict[str, Contender]) -> list[str]:
    mine = named["widget-server"].cpu_ms()
    echo = mine / named["Flask echo"].cpu_ms()
    said = [f"{echo:.1f} × the echo's CPU (floor 5, stretch 3): {_verdict(echo <= 5)}."]
    if "Isso" in named:
        part = mine / named["Isso"].cpu_ms()
        said.append(f"{part:.2f} of Isso's CPU (floor 0.25, stretch 0.125): {_verdict(part <= 0.25)}.")
    for one in named.values():
        row = one.row(1.0)
        if row[f"refused, {MANY}"] > sum(outcome.done for outcome in one.outcomes[MANY]) / 10:
            said.append(f"{one.name} refused more than a tenth, whose CPU is among that of the others: not a fair run.")
    return said


def _verdict(held: bool) -> str:
    return "within the floor" if held else "ABOVE the floor"


@contextmanager
def _contenders(peers: bool, textblob: bool, cold: bool) -> Iterator[tuple[list[Contender], list[str]]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="widget-bench-")))
        at = stack.enter_context(installation(cold))
        sent = requests(at.versions["feedback"])

        def serve(name: str, module: str, **environment: str) -> Contender:
            own = stack.enter_context(baseline(module, folder / name.replace(" ", "-"), **environment))
            return Contender(name, own, sent)

        found = [
            Contender("widget-server", stack.enter_context(ours(at)), sent),
            serve("Flask echo", "echo"),
            serve("the obvious version", "obvious", BENCH_DATABASE=str(folder / "obvious.db")),
        ]
        if textblob:
            database = str(folder / "scored.db")
            found.append(serve("the same with TextBlob", "obvious", BENCH_DATABASE=database, BENCH_TEXTBLOB="1"))
        notes: list[str] = []
        for name, start in other_projects.PEERS.items() if peers else ():
            try:
                peer: tuple[Serving, list[str]] = stack.enter_context(start(folder))
            except other_projects.NotHere as why:
                notes.append(f"{name} was left out: {why}")
                continue
            found.append(Contender(name, *peer, redirects=True))
        yield found, notes


if __name__ == "__main__":
    command(
        "intake", measure, __doc__,
        peers="also Isso and django-survey-and-report, from the package index",
        textblob="also scoring in the request",
    )  # fmt: skip
