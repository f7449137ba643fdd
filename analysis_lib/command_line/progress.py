"""Progress on standard error: a line per finished stage, rewritten in place on a terminal."""

from __future__ import annotations

import sys
import time


class Progress:
    """Prints what is done; `(stage, done, total, seconds)` is called after every step."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._in_place = sys.stderr.isatty()

    def __call__(self, stage: str, done: int, total: int, seconds: float) -> None:
        text = f"{stage} {done}/{total} ({seconds:.1f} s)"
        if self._in_place:
            ending = "\n" if done >= total else "\r"
            print(f"\033[2K{text}", end=ending, file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr, flush=True)

    def say(self, text: str) -> None:
        """One line about what begins now."""
        print(text, file=sys.stderr, flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start
