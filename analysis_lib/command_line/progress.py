"""Progress on standard error: rewritten in place on a terminal, now and then a line in a log."""

from __future__ import annotations

import sys
import time

LOG_SECONDS = 2.0  # between two lines of one stage in a log


class Progress:
    """Prints what is done; `(stage, done, total, seconds)` is called after every step."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._in_place = sys.stderr.isatty()
        self._logged: dict[str, float] = {}

    def __call__(self, stage: str, done: int, total: int, seconds: float) -> None:
        text = f"{stage} {done}/{total} ({seconds:.1f} s)"
        if self._in_place:
            ending = "\n" if done >= total else "\r"
            print(f"\033[2K{text}", end=ending, file=sys.stderr, flush=True)
        elif done >= total or seconds >= self._logged.get(stage, 0.0) + LOG_SECONDS:
            self._logged[stage] = seconds if done < total else 0.0
            print(text, file=sys.stderr, flush=True)

    def say(self, text: str) -> None:
        """One line about what begins now."""
        print(text, file=sys.stderr, flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start
