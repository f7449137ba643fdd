"""The one estimand that was declared primary; everything beside it is exploratory."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.parameters.definitions import Parameters


@dataclass(frozen=True)
class PrimaryEstimand:
    """A hazard ratio between the groups: of which endpoint, and whether adjusted."""

    outcome: str
    is_adjusted: bool

    @property
    def kind(self) -> str:
        """`adjusted` or `unadjusted`."""
        return "adjusted" if self.is_adjusted else "unadjusted"


def primary_of(parameters: Parameters) -> PrimaryEstimand | None:
    """What `primary_estimand` declares, if it declares any."""
    outcome, _, kind = parameters.primary_estimand.partition("_")
    return PrimaryEstimand(outcome, kind == "adjusted") if outcome else None
