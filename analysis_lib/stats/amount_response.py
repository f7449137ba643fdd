"""How the hazard of the exposed moves with the amount of their exposure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.cox_intervals import fit_cox_entered
from analysis_lib.stats.cox_results import CoxCoefficient, CoxFit, Effect, not_estimable, wald
from analysis_lib.stats.cox_tests import LikelihoodRatio, likelihood_ratio_test
from analysis_lib.stats.design import natural_spline
from analysis_lib.stats.inputs import ArrayLike, FloatArray, check_same_rows

ANY, LINE, CURVE = "exposure: any", "exposure: amount", "exposure: curve {}"
# As many distinct amounts as a curve needs, and the quantiles of the amounts at which it bends.
FEWEST_AMOUNTS = 4
BENDS = (0.0, 0.5, 1.0)
NO_CURVE = "the amounts are too few or too alike for a curve"


@dataclass(frozen=True, eq=False)
class AmountResponse:
    """Three nested Cox models: the exposed alike, a line in their amounts, a natural spline.

    `per_unit` is the log hazard ratio per unit of the amount among the exposed; `line` tests it,
    `curve` tests both terms of the spline and `bend` the second given the first. Without a
    `curved` model, `knots` are empty and the latter two None.
    """

    alike: CoxFit
    linear: CoxFit
    curved: CoxFit | None
    per_unit: CoxCoefficient
    line: LikelihoodRatio
    curve: LikelihoodRatio | None
    bend: LikelihoodRatio | None
    knots: FloatArray
    exposed: int
    exposed_events: int

    def against_unexposed(self, amount: float) -> CoxCoefficient:
        """The hazard ratio at one amount, by the curve, against those without any."""
        effect = Effect(LINE, "", "", self.exposed, self.exposed_events)
        if self.curved is None:
            return not_estimable(effect, NO_CURVE)
        basis = natural_spline(np.array([amount]), self.knots)[0, 1:]
        names = [ANY, *(CURVE.format(i) for i in range(len(basis)))]
        if any(name not in self.curved.estimates for name in names):
            return not_estimable(effect, "a coefficient of the curve has no estimate")
        weights = np.array([1.0, *basis])
        covariance = self.curved.covariance.loc[names, names].to_numpy()
        estimate = float(weights @ self.curved.estimates[names])
        variance = float(weights @ covariance @ weights)
        return wald(effect, estimate, variance, self.curved.confidence_level)


def amount_response(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    amount: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    confidence_level: float = 0.95,
) -> AmountResponse:
    """Hypothesis: among the exposed the hazard does not move with the amount of exposure.

    The unexposed are in every model and give the covariates their coefficients; they have no
    amount, and stand at 0 in each of its columns.

    Parameters
    ----------
    time, event, covariates : as for `fit_cox`, without the exposure
    amount : of each patient, on the scale of the line; nan in the unexposed
    entry : as for `fit_cox_entered`
    confidence_level : coverage of the Wald intervals

    Raises
    ------
    StatisticsError
        Nobody is exposed, or rows differ.

    Notes
    -----
    R: ``coxph(Surv(time, event) ~ . + exposed + B)`` with B the columns of ``splines::ns(amount, df
    = 2)`` in the exposed and 0 in the others, and ``anova`` of the nested models. Knots are the
    smallest amount, the median and the largest. Durrleman & Simon (1989), Stat Med 8:551.
    """
    check_same_rows(time, amount, names=("time", "amount"))
    amounts = np.asarray(amount, dtype=float)
    exposed = np.isfinite(amounts)
    if not exposed.any():
        raise StatisticsError("amount must be known for somebody, but is nan for every patient")
    base = covariates.assign(**{ANY: exposed.astype(float)})

    def fit(**columns: FloatArray) -> CoxFit:
        given = {x: np.where(exposed, values, 0.0) for x, values in columns.items()}
        whole = base.assign(**given)
        return fit_cox_entered(entry, time, event, whole, confidence_level=confidence_level)

    filled = np.where(exposed, amounts, amounts[exposed].mean())
    centred = filled - amounts[exposed].mean()
    alike, linear = fit(), fit(**{LINE: centred})
    knots = _knots(amounts[exposed])
    curved = curve = bend = None
    if knots.size:
        basis = natural_spline(filled, knots)[:, 1:].T
        curved = fit(**{CURVE.format(i): column for i, column in enumerate(basis)})
        curve, bend = (likelihood_ratio_test(curved, x) for x in (alike, linear))
    line = likelihood_ratio_test(linear, alike)
    events = int(np.asarray(event, dtype=bool)[exposed].sum())
    return AmountResponse(
        alike,
        linear,
        curved,
        linear.coefficient(LINE),
        line,
        curve,
        bend,
        knots,
        int(exposed.sum()),
        events,
    )


def _knots(amounts: FloatArray) -> FloatArray:
    """Smallest, median and largest amount; none where a curve could not be told from a line."""
    knots = np.quantile(amounts, BENDS)
    enough = len(np.unique(amounts)) >= FEWEST_AMOUNTS and (np.diff(knots) > 0).all()
    return knots if enough else np.empty(0)
