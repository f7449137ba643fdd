"""What a certificate holds, and the sentences that say it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis_lib.format import agreeing
from analysis_lib.labels import listed
from analysis_lib.topics import TOPICS

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

    `engine` names program and packages with their versions, `asked` what they recomputed, `results`
    is the digest of the table that was certified, `others` counts by analysis the estimates for
    which no engine was asked.
    """

    engine: str
    asked: tuple[str, ...]
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
            asked = tuple(found.pop("asked"))
            return cls(**found, asked=asked, differences=differences)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    @property
    def statement(self) -> str:
        """What was found again and what was not, every exception by its key."""
        said = self._found(), self._exceptions(), self._without_estimate(), self._left_out()
        return " ".join(x for x in said if x)

    def _found(self) -> str:
        return (
            f"A second engine that shares no code with this program ({self.engine}) recomputed, "
            "from the times, events, groups and covariates of the patients as this program derives "
            f"them, {listed(self.asked)}: {self.equal:,} of {self.compared:,} numbers agree within "
            f"a relative difference of {self.tolerance:.6f}."
        )

    def _exceptions(self) -> str:
        said = (f"{x.key} ({_said(x.ours)}, engine {_said(x.engine)})" for x in self.differences)
        return f"The exceptions are: {'; '.join(said)}." if self.differences else ""

    def _without_estimate(self) -> str:
        count = self.not_estimable
        say = agreeing(count, "row says why it has", "rows say why they have")
        were = agreeing(count, "was", "were")
        return f"{count:,} {say} no estimate and {were} not compared." if count else ""

    def _left_out(self) -> str:
        kinds = (f"{number:,} of {kind}" for kind, number in by_kind(self.others))
        count = sum(self.others.values())
        return (
            f"{count:,} {agreeing(count, 'estimate', 'estimates')} of other kinds, by analysis in "
            f"{FILE}, {agreeing(count, 'was', 'were')} not recomputed: {'; '.join(kinds)}."
            if count
            else ""
        )


_DESCRIBED = "medians and tests of characteristics, toxicity, response and doses"
# What no engine is asked for, by the question that it belongs to.
KINDS = {
    "flow": _DESCRIBED,
    "baseline": _DESCRIBED,
    "toxicity": _DESCRIBED,
    "response": _DESCRIBED,
    "survival": "follow-up or curves that a release coarsens",
    "dose": _DESCRIBED,
    "estimands": _DESCRIBED,
    "effect": "ratios by Firth's penalty",
    "regression": "ratios by Firth's penalty",
    "competing": "ratios by Firth's penalty or incidences that a release coarsens",
    "subgroups": "ratios by Firth's penalty",
    "over_time": "restricted means and changes of a ratio",
    "weighting": "propensities or weighted curves that a release coarsens",
    "missing": "models and rates with missing values imputed or supposed",
    "standardised": "standardised survival",
    "unmeasured": "supposed confounders and models without a covariate",
    "consolidation": "curves, strategies and simulations of consolidation",
    "screening": "the screen with its resamples, penalties and simulations",
    "specifications": "the specification curve",
}


def by_kind(others: Mapping[str, int]) -> list[tuple[str, int]]:
    """The estimates by kind, most first."""
    topic_of = {analysis: one.name for one in TOPICS for analysis in one.words.analyses}
    found: Counter[str] = Counter()
    for analysis, number in others.items():
        topic = topic_of.get(analysis, analysis)
        found[KINDS.get(topic, topic)] += number
    return found.most_common()


def _said(value: float | None) -> str:
    return "none" if value is None else f"{value:.9g}"


def kept_certificate(folder: Path, results: str) -> Certificate | None:
    """The certificate of a report's folder, if it is of results with this digest."""
    found = Certificate.read(folder / FILE)
    return found if found is not None and found.results == results else None
