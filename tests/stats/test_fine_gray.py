"""Fine-Gray regression: R's cmprsk, the Cox model it becomes, and models without a maximum."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_results import INFINITE
from analysis_lib.stats.design import NO_EVENTS
from analysis_lib.stats.fine_gray import FineGrayFit, fit_fine_gray

DATA = Path(__file__).parents[1] / "reference" / "data"
FIELDS = ("coefficient", "std_error", "hazard_ratio", "ci_low", "ci_high", "p_value")
MODELS = [
    ("mgus2", "age", 1), ("mgus2", "age", 2), ("mgus2", "age+male+hgb", 1),
    ("mgus2", "age+male+hgb", 2), ("pbc", "edema", 2), ("pbc", "age+bili", 1),
    ("pbc", "age+bili", 2), ("pbc", "age+bili+edema", 2), ("pbc_halfyears", "age+bili", 1),
    ("pbc_halfyears", "age+bili", 2), ("pbc_halfyears", "age+bili+edema", 2),
    ("few", "group", 1), ("few", "group", 2),
]  # fmt: skip


def read(name: str) -> pd.DataFrame:
    table = pd.read_csv(DATA / f"{name}.csv", float_precision="round_trip")
    if "edema" in table:
        table["edema"] = pd.Categorical(table["edema"], [0, 1, 2])
    return table


def fit(table: pd.DataFrame, terms: list[str], cause: int) -> FineGrayFit:
    competing = ~table["cause"].isin([0, cause])
    return fit_fine_gray(table["time"], table["cause"] == cause, competing, table[terms])


@pytest.mark.parametrize(("name", "terms", "cause"), MODELS)
def test_coefficients_and_robust_errors_match_crr(name, terms, cause, golden) -> None:
    rows = golden("fine_gray").query("data == @name and terms == @terms and cause == @cause")
    table = read(name)
    found = fit(table, terms.split("+"), cause)
    assert [(x.variable, x.level) for x in found.coefficients] == list(
        zip(rows["variable"], rows["level"], strict=True)
    )
    for field in FIELDS:
        values = [getattr(x, field) for x in found.coefficients]
        np.testing.assert_allclose(values, rows[field], rtol=1e-6, err_msg=field)
    assert found.log_likelihood == pytest.approx(rows.iloc[0].log_likelihood, rel=1e-10)
    assert found.log_likelihood_null == pytest.approx(rows.iloc[0].log_likelihood_null, rel=1e-10)
    assert (found.n, found.events) == (len(table), (table["cause"] == cause).sum())


def test_every_model_of_r_is_compared(golden) -> None:
    rows = golden("fine_gray")[["data", "terms", "cause"]].drop_duplicates()
    assert sorted(rows.itertuples(index=False, name=None)) == sorted(MODELS)


def test_without_competing_events_it_is_the_cox_model() -> None:
    rng = np.random.default_rng(5)
    time = rng.exponential(size=150)
    event = rng.uniform(size=150) < 0.6
    covariates = pd.DataFrame({"x": rng.normal(size=150), "y": rng.normal(size=150)})
    found = fit_fine_gray(time, event, np.zeros(150, dtype=bool), covariates)
    cox = fit_cox(time, event, covariates)
    for one, other in zip(found.coefficients, cox.coefficients, strict=True):
        assert one.coefficient == pytest.approx(other.coefficient, rel=1e-6)
    assert found.log_likelihood == pytest.approx(cox.log_likelihood, rel=1e-10)


def test_a_level_without_events_is_named_and_the_others_are_the_limit() -> None:
    table = read("pbc")
    found = fit(table, ["edema", "age"], 1)
    assert found.coefficient("edema", "2").reason == NO_EVENTS
    assert found.degrees_of_freedom == 3
    # cmprsk runs towards the limit: its last iterate with edema2 at -10 is within 1e-3.
    crude = fit(table, ["edema"], 1).coefficient("edema", "1")
    assert crude.coefficient == pytest.approx(0.06698, abs=1e-3)


def test_a_covariate_that_orders_the_events_is_infinite() -> None:
    time = np.arange(1.0, 13.0)
    event = np.arange(12) < 4
    competing = np.arange(12) % 3 == 2
    competing &= ~event
    covariates = pd.DataFrame({"x": -time, "y": np.cos(time)})
    found = fit_fine_gray(time, event, competing, covariates)
    assert found.coefficient("x").reason == INFINITE
    assert not found.coefficient("y").estimable
    assert found.covariance.empty


def test_without_events_or_with_too_few_nothing_is_fitted() -> None:
    covariates = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [0.0, 1.0, 0.0]})
    flags = np.array([True, False, False])
    none = fit_fine_gray([1.0, 2.0, 3.0], ~flags & flags, flags, covariates)
    assert none.coefficient("x").reason == "no events"
    few = fit_fine_gray([1.0, 2.0, 3.0], flags, ~flags, covariates)
    assert few.coefficient("y").reason == "fewer events (1) than parameters (2)"
    with pytest.raises(KeyError):
        few.coefficient("z")


def test_rows_may_come_in_any_order_and_time_in_any_unit() -> None:
    table = read("pbc_halfyears")
    found = fit(table, ["age", "bili", "edema"], 2)
    shuffled = table.sample(frac=1, random_state=3).reset_index(drop=True)
    again = fit(shuffled.assign(time=shuffled["time"] * 0.4), ["age", "bili", "edema"], 2)
    for one, other in zip(found.coefficients, again.coefficients, strict=True):
        assert one.coefficient == pytest.approx(other.coefficient, rel=1e-8)
        assert one.std_error == pytest.approx(other.std_error, rel=1e-8)
