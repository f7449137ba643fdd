"""Made-up articles: their numbers are printed from simulated patients, so all of them agree.

They say what a report on two groups says: a Table 1 of counts, percents and Pearson's P, medians
with ranges, toxicity and response, survival with intervals of one type, and hazard ratios with
Wald intervals and P. Their variables are some of the dictionary's, since the audit takes words and
levels from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2_contingency, mannwhitneyu, norm
from writing_articles import CONTRAST, GROUPS, Writer, half_up

from analysis_lib.article.claims.claim import Claim
from analysis_lib.results.rows import Key

Flags = NDArray[np.bool_]
FACTORS = {
    "sex": ("female", "male"),
    "prior_hct": ("yes", "no"),
    "extramedullary_disease": ("yes", "no"),
    "disease_subtype": ("ph_positive", "ph_like", "ph_negative"),
    "marrow_status": ("active", "cr_mrd_positive_or_unknown", "cr_mrd_negative", "missing"),
    "race_ethnicity": ("non_hispanic_white", "hispanic", "black", "asian", "other"),
}
RACES = (0.55, 0.28, 0.07, 0.06, 0.04)
FIRST_LEVEL_ONLY = ("sex", "prior_hct")
OUTCOMES = {"crs": "crs_evaluable", "icans": "icans_evaluable", "tocilizumab": "infused"}
AGE_GROUPS = {"18_to_39": (18, 39), "40_to_59": (40, 59), "ge_60": (60, 120)}
LANDMARKS = (6.0, 12.0)
Z = norm.isf(0.025)
INTERVALS: dict[str, Callable[[float, float], tuple[float, float]]] = {  # of S and the SE of log S
    "log-log": lambda s, e: (s ** np.exp(-Z * e / np.log(s)), s ** np.exp(Z * e / np.log(s))),
    "log": lambda s, e: (s * np.exp(-Z * e), s * np.exp(Z * e)),
    "plain": lambda s, e: (s * (1 - Z * e), s * (1 + Z * e)),
}


@dataclass
class Patients:
    """The two groups of one article, and what has been printed of them."""

    rng: np.random.Generator
    exposed: Flags
    interval: str
    decimals: int
    writer: Writer = field(default_factory=Writer)

    @property
    def size(self) -> int:
        return len(self.exposed)

    def share(self, key: Key, count: int, total: int, base: str = "infused") -> None:
        self.writer.add_share(key, count, total, base=base, decimals=self.decimals)

    def group(self, name: str) -> Flags:
        return self.exposed if name == "exposed" else ~self.exposed


def make_article(seed: int, number: int) -> tuple[Claim, ...]:
    """One article of a seeded series; each has some of the blocks."""
    rng = np.random.default_rng([seed, number])
    size = int(rng.integers(70, 320))
    exposed = rng.permutation(np.arange(size) < round(size * rng.uniform(0.35, 0.65)))
    interval = str(rng.choice(list(INTERVALS), p=(0.6, 0.2, 0.2)))
    patients = Patients(rng, exposed, interval, int(rng.integers(0, 2)))
    _sizes(patients)
    for variable in rng.choice(list(FACTORS), 2, replace=False):
        _factor(patients, str(variable))
    _outcome(patients, str(rng.choice(list(OUTCOMES))))
    _ages(patients) if rng.random() < 0.5 else _lines(patients)
    _survival(patients)
    return _with_abstract(patients)


def _sizes(patients: Patients) -> None:
    writer, size = patients.writer, patients.size
    writer.add(Key("flow", "", "infused", "infused", statistic="count"), str(size), "patients")
    key = Key("flow", "", "infused", "ino", "exposed")
    patients.share(key, int(patients.exposed.sum()), size)
    for name in GROUPS:
        key = Key("baseline_by_exposure", "", f"infused[ino={name}]", statistic="n")
        writer.add(key, str(int(patients.group(name).sum())), "patients")


def _factor(patients: Patients, variable: str) -> None:
    """Counts and percents of the levels; P over the known ones."""
    levels, rng = FACTORS[variable], patients.rng
    codes = np.empty(patients.size, dtype=int)
    usual = RACES if variable == "race_ethnicity" else np.full(len(levels), 1 / len(levels))
    shares = rng.dirichlet(9 * np.array(usual) + 0.3)
    for name in GROUPS:
        own = patients.group(name)
        codes[own] = rng.choice(len(levels), own.sum(), p=rng.dirichlet(40 * shares + 0.5))
    table = np.array(
        [[int((codes[patients.group(n)] == i).sum()) for n in GROUPS] for i in range(len(levels))]
    )
    known = table[: levels.index("missing")] if "missing" in levels else table
    if (known.sum(axis=0) == 0).any() or (known.sum(axis=1) == 0).any():
        return
    shown = levels[:1] if variable in FIRST_LEVEL_ONLY else levels
    for i, level in enumerate(shown):
        for j, name in enumerate(GROUPS):
            key = Key("baseline_by_exposure", "", f"infused[ino={name}]", variable, level)
            patients.share(key, int(table[i, j]), int(patients.group(name).sum()))
    key = Key("baseline_by_exposure", "", "infused", variable, contrast=CONTRAST)
    patients.writer.add_p(key, chi2_contingency(known, correction=False).pvalue)


def _outcome(patients: Patients, outcome: str) -> None:
    """An event among the evaluable of either group."""
    base, rng, cells = OUTCOMES[outcome], patients.rng, []
    rate = rng.uniform(0.15, 0.85)
    for name in GROUPS:
        missing = 0 if base == "infused" else int(rng.integers(0, 3))
        total = int(patients.group(name).sum()) - missing
        count = int(rng.binomial(total, np.clip(rate + rng.normal(0, 0.1), 0.05, 0.95)))
        key = Key("toxicity", outcome, f"{base}[ino={name}]")
        patients.share(key, count, total, base)
        cells.append((count, total - count))
    if all(sum(row) for row in zip(*cells, strict=True)):
        key = Key("toxicity", outcome, base, contrast=CONTRAST)
        p = chi2_contingency(np.array(cells).T, correction=False).pvalue
        patients.writer.add_p(key, p, base=base)


def _ages(patients: Patients) -> None:
    """Ages in whole years as median and range, and in groups; both P values."""
    ages = np.clip(np.rint(patients.rng.normal(48, 16, patients.size)), 18, 90)
    _numeric(patients, "age_years", ages, "years")
    table = []
    for level, (low, high) in AGE_GROUPS.items():
        counts = [
            int(((low <= (own := ages[patients.group(n)])) & (own <= high)).sum()) for n in GROUPS
        ]
        for name, count in zip(GROUPS, counts, strict=True):
            population = f"infused[ino={name}]"
            key = Key("baseline_by_exposure", "", population, "age_group_as_published", level)
            patients.share(key, count, int(patients.group(name).sum()))
        table.append(counts)
    if all(map(sum, table)):
        key = Key("baseline_by_exposure", "", "infused", "age_group_as_published")
        p = chi2_contingency(table, correction=False).pvalue
        patients.writer.add_p(key._replace(contrast=CONTRAST), p)


def _lines(patients: Patients) -> None:
    lines = 1.0 + patients.rng.poisson(patients.rng.uniform(1, 3), patients.size)
    _numeric(patients, "prior_lines", lines, "lines")


def _numeric(patients: Patients, variable: str, values: NDArray[np.float64], unit: str) -> None:
    for name in GROUPS:
        own = values[patients.group(name)]
        key = Key("baseline_by_exposure", "", f"infused[ino={name}]", variable)
        for statistic, value in (
            ("median", np.median(own)),
            ("minimum", own.min()),
            ("maximum", own.max()),
        ):
            options = {"denominator": len(own)}
            text = half_up(value, 0)
            patients.writer.add(key._replace(statistic=statistic), text, unit, **options)
    key = Key("baseline_by_exposure", "", "infused", variable, contrast=CONTRAST)
    first, second = (values[patients.group(name)] for name in GROUPS)
    patients.writer.add_p(key, mannwhitneyu(first, second).pvalue)


def _survival(patients: Patients) -> None:
    """Both endpoints at both landmarks, strata of the exposed, and a hazard ratio of each."""
    rng, size = patients.rng, patients.size
    hazard = 0.05 * np.where(patients.exposed, rng.uniform(0.7, 2.2), 1.0)
    death = rng.exponential(1 / hazard)
    first = np.minimum(death, rng.exponential(1.5 / hazard))
    end = rng.uniform(rng.uniform(1, 8), 30, size)
    response = rng.choice(3, size, p=(0.6, 0.3, 0.1) if rng.random() < 0.5 else (0.65, 0.35, 0.0))
    strata = ("responder", "refractory", "not_reported")
    for code, level in enumerate(strata):
        count = int((patients.exposed & (response == code)).sum())
        if count:
            key = Key("flow", "", "infused[ino=exposed]", "ino_response", level)
            patients.share(key, count, int(patients.exposed.sum()))
    for outcome, event in (("pfs", first), ("os", death)):
        time, observed = np.minimum(event, end), event <= end
        for name in GROUPS:
            own = patients.group(name)
            key = Key("survival_by_exposure", outcome, f"infused[ino={name}]")
            _landmarks(patients, key, time[own], observed[own], with_interval=True)
        for code, level in enumerate(strata[:2]):
            own = patients.exposed & (response == code)
            population = f"infused[ino_exposure_response={level}]"
            key = Key("survival_by_response", outcome, population)
            _landmarks(patients, key, time[own], observed[own], with_interval=False)
        _hazard_ratio(patients, outcome, time, observed)


def _landmarks(
    patients: Patients, key: Key, time: NDArray[np.float64], event: Flags, *, with_interval: bool
) -> None:
    for months in LANDMARKS:
        survival, variance = kaplan_meier(time, event, months)
        if not 0 < survival < 1 or (time >= months).sum() < 3:
            return
        ends = INTERVALS[patients.interval](survival, float(np.sqrt(variance)))
        names = ["survival", "survival_ci_low", "survival_ci_high"]
        values = [survival, *np.clip(ends, 0, 1)]
        for name, value in list(zip(names, values, strict=True))[: 3 if with_interval else 1]:
            text = half_up(100 * value, 0)
            full = key._replace(time_months=months, statistic=name)
            patients.writer.add(full, text, "%", denominator=len(time))


def kaplan_meier(time: NDArray[np.float64], event: Flags, months: float) -> tuple[float, float]:
    """S at a time, and the variance of log S by Greenwood's formula."""
    survival, variance = 1.0, 0.0
    for moment in np.sort(time[event & (time <= months)]):
        at_risk = int((time >= moment).sum())
        survival *= 1 - 1 / at_risk
        variance += 1 / (at_risk * (at_risk - 1)) if at_risk > 1 else 0.0
    return survival, variance


def _hazard_ratio(
    patients: Patients, outcome: str, time: NDArray[np.float64], event: Flags
) -> None:
    """The rate ratio of exponential survival: its Wald interval and P."""
    events = [int(event[patients.group(n)].sum()) for n in GROUPS]
    if min(events) < 5:
        return
    rates = [e / time[patients.group(n)].sum() for e, n in zip(events, GROUPS, strict=True)]
    estimate, error = np.log(rates[1] / rates[0]), np.sqrt(sum(1 / e for e in events))
    key = Key("cox_as_published_a", outcome, "infused", "ino", "exposed", CONTRAST)
    values = np.exp(estimate + np.array([0, -Z, Z]) * error)
    names = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
    for name, value in zip(names, values, strict=True):
        patients.writer.add(key._replace(statistic=name), half_up(value, 2))
    patients.writer.add_p(key, 2 * norm.sf(abs(estimate / error)))


def _with_abstract(patients: Patients) -> tuple[Claim, ...]:
    """A few of the numbers stand in the abstract, too."""
    written = list(patients.writer.claims)
    for index in patients.rng.choice(len(written), 5, replace=False):
        claim = written[index]
        patients.writer.add(
            claim.key,
            claim.printed,
            claim.unit,
            comparator=claim.comparator,
            base=claim.base,
            denominator=claim.denominator,
            source="Abstract",
        )
    return tuple(patients.writer.claims)
