"""What a certificate holds, and the sentences that say it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "certificate.json"
SCRIPT = Path(__file__).with_name("certify.R")
NOT_CERTIFIED = (
    "This report was not certified: no second engine has recomputed its numbers from the patients; "
    "cart-report certify does that."
)


@dataclass(frozen=True)
class Difference:
    """A number that the engine does not find: ours and its, None where there is none."""

    key: str
    ours: float | None
    engine: float | None


@dataclass(frozen=True)
class Certificate:
    """How many numbers an engine found again, and every one that it did not.

    `engine` names program and packages with their versions, `results` is the digest of the table
    that was certified, `others` counts by analysis the estimates for which no engine was asked.
    """

    engine: str
    results: str
    compared: int
    equal: int
    tolerance: float
    differences: tuple[Difference, ...]
    not_estimable: int
    others: Mapping[str, int]

    def text(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def read(cls, path: Path) -> Certificate | None:
        """The certificate of a file; None where there is none that can be read."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            differences = tuple(Difference(**one) for one in found.pop("differences"))
            return cls(**found, differences=differences)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    @property
    def statement(self) -> str:
        """What was found again and what was not, every exception by its key."""
        return " ".join(x for x in (self._found(), self._exceptions(), self._left_out()) if x)

    def _found(self) -> str:
        return (
            f"A second engine that shares no code with this program ({self.engine}) recomputed, "
            "from the times, events, groups and covariates of the patients as this program derives "
            "them, the survival curves with their limits and medians, log-rank tests, Cox models "
            "with their tests of proportional hazards and errors by centre, weighted curves and "
            f"ratios, and incidences: {self.equal:,} of {self.compared:,} numbers agree within a "
            f"relative difference of {self.tolerance:.6f}."
        )

    def _exceptions(self) -> str:
        said = (f"{x.key} ({_said(x.ours)}, engine {_said(x.engine)})" for x in self.differences)
        return f"The exceptions are: {'; '.join(said)}." if self.differences else ""

    def _left_out(self) -> str:
        others = sum(self.others.values())
        return (
            f"{self.not_estimable:,} rows say why they have no estimate and were not compared; "
            f"{others:,} estimates of other kinds, counted by analysis in {FILE}, were not "
            "recomputed."
        )


def _said(value: float | None) -> str:
    return "none" if value is None else f"{value:.9g}"


def kept_certificate(folder: Path, results: str) -> Certificate | None:
    """The certificate of a report's folder, if it is of results with this digest."""
    found = Certificate.read(folder / FILE)
    return found if found is not None and found.results == results else None
