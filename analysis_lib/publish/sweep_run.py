"""The combinations of a sweep done one after another: by processes here, or on a Dask cluster.

What is done of a combination is a folder, put in place as a whole. A process that ends in the
middle leaves nothing behind, and its combination is begun again by another one.
"""

from __future__ import annotations

import queue
import sys
import threading
import uuid
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from analysis_lib.errors import BuildError, OutputError
from analysis_lib.publish.origin import code_digests
from analysis_lib.publish.request import ignore_progress
from analysis_lib.publish.sweep_plan import Combination
from analysis_lib.publish.warm import WarmProcess, WorkHere, class_at

if TYPE_CHECKING:
    from distributed import Client

TRIES = 3
MADE, KEPT, REFUSED, FAILED = "made", "kept", "refused", "failed"
CONNECT_SECONDS = 30
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Order:
    """What all combinations are told: the project, the folder of the sweep, what is written.

    Without `formats` only results are. `library` tells which code and versions make them.
    """

    root: Path
    out: Path
    formats: tuple[str, ...]
    is_fresh: bool
    library: tuple[tuple[tuple[str, str], ...], tuple[str, ...]]


@dataclass(frozen=True)
class Made:
    """What became of a combination: made, kept from before, refused or failed for a reason."""

    name: str
    state: str
    reason: str = ""


class Work(Protocol):
    """Makes the folder of a combination; no patient is in what it takes and gives."""

    def make(self, combination: Combination) -> Made: ...


def make_here(
    place: str, order: Order, combinations: Sequence[Combination], jobs: int
) -> Generator[Made, None, None]:
    """By work at `module:class` in so many processes, each of which reads the data once.

    Where processes cannot be started as they must be (Windows), in this one.
    """
    if sys.platform == "win32":
        here = WorkHere(place, order, ignore_progress)
        yield from (here.ask("make", one) for one in combinations)
        return
    hands = [_Hand(place, order) for _ in range(min(jobs, len(combinations)))]
    free: queue.SimpleQueue[_Hand] = queue.SimpleQueue()
    for hand in hands:
        free.put(hand)

    def make(combination: Combination) -> Made:
        hand = free.get()
        try:
            return hand.make(combination)
        finally:
            free.put(hand)

    with ThreadPoolExecutor(max(len(hands), 1)) as threads:
        futures = [threads.submit(make, one) for one in combinations]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            for future in futures:
                future.cancel()
            for hand in hands:
                hand.stop()


class _Hand:
    """One process, started when it is needed, and anew where it ended by itself."""

    def __init__(self, place: str, order: Order) -> None:
        self._place, self._order = place, order
        self._process: WarmProcess | None = None
        self._stopped = threading.Event()

    def make(self, combination: Combination) -> Made:
        last, refused = "", None
        for _ in range(TRIES):
            if self._stopped.is_set():
                break
            try:
                if self._process is None:
                    self._process = WarmProcess(self._place, self._order, ignore_progress)
                made: Made = self._process.ask("make", combination)
                return made
            except OutputError as error:  # another process may be tidying up in the same folder
                refused = error
            except BuildError as error:
                last = last_line(str(error))
                self._end()
        if refused:
            raise refused
        return Made(combination.name, FAILED, f"{last} ({TRIES} tries)")

    def stop(self) -> None:
        self._stopped.set()
        self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()


def last_line(text: str) -> str:
    """The last line of a message, which in a traceback says what is wrong."""
    return text.strip().rpartition("\n")[2]


def make_on_cluster(
    address: str, place: str, order: Order, combinations: Sequence[Combination]
) -> Generator[Made, None, None]:
    """By the workers of a Dask scheduler, who read the data by the path that the order names.

    The scheduler gives what a lost worker had begun to another one.

    Raises
    ------
    OutputError
        `distributed` is not installed here, the scheduler cannot be reached or has no workers, or
        they do not have this library.
    """
    with _client(address) as client:
        _check_workers(client)
        mark = uuid.uuid4().hex
        futures = {
            client.submit(
                make_at,
                place,
                order,
                one,
                key=f"cart-report-{mark}-{one.name}",
                pure=False,
                retries=TRIES - 1,
            ): one
            for one in combinations
        }
        try:
            yield from _finished(client, futures)
        finally:
            client.cancel(list(futures))


def make_at(place: str, order: Order, combination: Combination) -> Made:
    """One combination in a worker, whose threads take turns: figures and notes are its own."""
    with _ONE_AT_A_TIME:
        made: Made = class_at(place)(order, ignore_progress).make(combination)
    return made


@contextmanager
def _client(address: str) -> Iterator[Client]:
    try:
        from distributed import Client
    except ImportError:
        raise OutputError(
            "--scheduler: needs the library distributed: install cart-report[cluster]"
        ) from None
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise OutputError(f"--scheduler: {address} cannot be reached: {error}") from None
    try:
        yield client
    finally:
        client.close()


def _check_workers(client: Client) -> None:
    """Refuse workers that would compute by other code."""
    if not client.scheduler_info(n_workers=-1)["workers"]:
        raise OutputError("--scheduler: it has no workers; start some with dask worker")
    for worker, digests in library_of_workers(client).items():
        if digests != code_digests():
            raise OutputError(
                f"--scheduler: worker {worker} has another version of cart-report; "
                "install the same for all"
            )


def library_of_workers(client: Client) -> Mapping[str, Sequence[tuple[str, str]]]:
    """The digests of the code that each worker has."""
    try:
        return dict(client.run(code_digests))
    except ImportError:
        raise OutputError(
            "--scheduler: its workers do not have this library; install cart-report for them"
        ) from None


def _finished(client: Client, futures: dict[Any, Combination]) -> Iterator[Made]:
    from distributed import as_completed as as_finished

    for future in as_finished(futures, loop=client.loop):
        error = future.exception()
        if error is None:
            yield future.result()
        else:
            yield Made(futures[future].name, FAILED, last_line(str(error)))
