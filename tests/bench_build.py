"""How long a report takes to make: `make bench`. It prints; it asserts nothing.

`python tests/bench_build.py --against DIR` does the same in another checkout, part by part, and
prints how many times faster this one is; `--only NAME` measures the parts with that in their name.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
IMPORT = "import analysis_lib.topics.whole"


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, of the processors, and the most memory of all processes at once."""

    seconds: float
    processor: float
    megabytes: float


def processes_of(group: int) -> Iterator[Path]:
    """The folders in /proc of a process and of all that it started."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(fields[1])
    found, added = {group}, True
    while added:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        added = bool(more)
        found |= more
    yield from (Path("/proc") / str(pid) for pid in found)


class Watch(threading.Thread):
    """Looks at a process and its descendants four times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.megabytes, self.ticks = pid, 0.0, dict[str, float]()
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.25):
            memory = 0.0
            for folder in processes_of(self.pid):
                try:
                    shares = (folder / "smaps_rollup").read_text()
                    fields = (folder / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                line = next(x for x in shares.splitlines() if x.startswith("Pss:"))
                memory += int(line.split()[1]) / 1024
                # Its own, without those of children that it has waited for: they were seen.
                ticks = int(fields[11]) + int(fields[12])
                self.ticks[folder.name] = ticks / os.sysconf("SC_CLK_TCK")
            self.megabytes = max(self.megabytes, memory)


def measure(command: list[str], folder: Path, cache: Path) -> Cost:
    """Run a command of a checkout with a cache of its own."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "CART_REPORT_CACHE": str(cache)}
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    watch = Watch(process.pid)
    watch.start()
    code = process.wait()
    seconds = time.perf_counter() - start
    watch.ended.set()
    watch.join()
    if code:
        raise SystemExit(f"{' '.join(command)} ended with {code} in {folder}")
    return Cost(seconds, sum(watch.ticks.values()), watch.megabytes)


Part = Callable[[], Cost]


def parts(checkout: Path, scratch: Path, runs: int) -> dict[str, Part]:
    """What is measured, in an order in which each finds what the one before left."""
    folder, cache = scratch / "project", scratch / "cache"
    ignored = shutil.ignore_patterns(".git", ".venv", "_report", "__pycache__", "tests")
    shutil.copytree(checkout, folder, ignore=ignored)
    out = str(scratch / "report")
    build = ["-m", "analysis_lib", "build", "--out", out]

    def run(*command: str) -> Cost:
        return measure(list(command), folder, cache)

    def cold() -> Cost:
        shutil.rmtree(cache, ignore_errors=True)
        shutil.rmtree(out, ignore_errors=True)
        return run(*build)

    def one_sentence() -> Cost:
        *_, path = sorted((folder / "notebooks").glob("[0-9]*.ipynb"))  # the appendix
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("# Appendix", "# The appendix"), encoding="utf-8")
        return run(*build)

    def median(command: Part) -> Part:
        def found() -> Cost:
            costs = [command() for _ in range(runs)]
            return sorted(costs, key=lambda cost: cost.seconds)[len(costs) // 2]

        return found

    return {
        "import of the library": median(lambda: run("-c", IMPORT)),
        "results, cold process": median(
            lambda: run("-m", "analysis_lib", "results", "--out", str(scratch / "results.csv"))
        ),
        "build, empty cache": median(cold),
        "build, nothing changed": median(lambda: run(*build)),
        "build, one sentence changed": one_sentence,
        "build, one parameter changed": lambda: run(*build, "-p", "exposure", "prior_blinatumomab"),
    }


HEAD = "{:<32}{:>10}{:>12}{:>10}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", metavar="DIR", help="another checkout, measured beside")
    parser.add_argument("--only", metavar="NAME", default="", help="parts with this in their name")
    parser.add_argument("--runs", type=int, default=1, help="of each part, of which the median")
    arguments = parser.parse_args()
    checkouts = [ROOT, *([Path(arguments.against)] if arguments.against else [])]
    with tempfile.TemporaryDirectory() as scratch:
        measured = [
            parts(checkout, Path(scratch) / str(number), arguments.runs)
            for number, checkout in enumerate(checkouts)
        ]
        print(HEAD.format("", "seconds", "processor", "MB"))
        for name in measured[0]:
            if arguments.only in name:
                report(name, [named[name]() for named in measured])


def report(name: str, costs: list[Cost]) -> None:
    """A line for each checkout, and how many times faster the first is."""
    for number, cost in enumerate(costs):
        shown = name if number == 0 else "  against"
        print(
            HEAD.format(
                shown, f"{cost.seconds:.1f}", f"{cost.processor:.1f}", f"{cost.megabytes:.0f}"
            )
        )
    if len(costs) > 1:
        times = costs[1].seconds / costs[0].seconds
        processor = costs[1].processor / max(costs[0].processor, 0.01)
        print(HEAD.format("  times", f"{times:.1f}", f"{processor:.1f}", ""), flush=True)


if __name__ == "__main__":
    main()
