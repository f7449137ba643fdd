"""Made-up articles of many designs: printed from simulated patients, so that all numbers agree.

`made_articles` makes one kind of article at length. Here every article draws its own groups,
variables, tests, ways of rounding, denominators, types of interval and kinds of model, also those
that are rare, so that an audit that calls one of these numbers impossible is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

import numpy as np
from models_of_designs import cox, incidence, kaplan_meier, rank_sum
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit, logit
from writing_articles import Writer

from analysis_lib.article.claims.claim import Claim
from analysis_lib.results.rows import Key

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Table = NDArray[np.int64]
Z = float(stats.norm.isf(0.025))

EXPOSURES = {  # variable: reference and group
    "ino": ("naive", "exposed"),
    "prior_blinatumomab": ("no", "yes"),
    "prior_hct": ("no", "yes"),
    "bridging_therapy": ("no", "yes"),
    "sex": ("male", "female"),
    "trial_arm": ("control", "treated"),  # no dictionary knows it
}
FACTORS = {
    "sex": ("female", "male"),
    "cns_involvement": ("yes", "no"),
    "extramedullary_disease": ("yes", "no"),
    "disease_subtype": ("ph_positive", "ph_like", "ph_negative"),
    "marrow_status": ("active", "cr_mrd_positive_or_unknown", "cr_mrd_negative"),
    "race_ethnicity": ("non_hispanic_white", "hispanic", "black", "asian", "other"),
    "performance_status": ("0", "1", "ge_2"),  # no dictionary knows it
    "donor_type": ("matched", "haplo", "cord"),
}
OUTCOMES = ("crs", "icans", "tocilizumab", "steroids", "cr_cri", "relapse", "infection")
GRADED = {"crs": "crs_grade_group", "icans": "icans_grade_group"}
GRADES = ("1_to_2", "3_to_4")
CONTINUOUS = {  # mean, standard deviation, and the unit
    "age_years": (52, 14, "years"),
    "age_decades": (5.2, 1.4, "10 years"),
    "prior_lines": (3, 1.4, "lines"),
    "marrow_blasts_percent": (40, 28, "%"),
    "ldh": (400, 250, ""),
}
ROUNDINGS = {"half up": ROUND_HALF_UP, "half even": ROUND_HALF_EVEN, "cut off": ROUND_DOWN}
TESTS = (
    *("pearson", "pearson", "pearson", "yates", "fisher", "fisher", "mid-p", "smaller"),
    *("n - 1", "likelihood", "one-sided"),
)
P_STYLES = ("two decimals", "three decimals", "two digits", "one decimal", "less than", "cut off")


def _arcsine_end(s: float, e: float, z: float) -> float:
    middle = np.arcsin(np.sqrt(s))
    return np.sin(np.clip(middle + z * e * np.sqrt(s / (1 - s)) / 2, 0, np.pi / 2)) ** 2


KINDS_OF_INTERVAL: dict[str, Callable[[float, float, float], tuple[float, float]]] = {
    # of S, the standard error of log S, and the normal quantile
    "log": lambda s, e, z: (s * np.exp(-z * e), s * np.exp(z * e)),
    "plain": lambda s, e, z: (s * (1 - z * e), s * (1 + z * e)),
    "log-log": lambda s, e, z: (s ** np.exp(-z * e / np.log(s)), s ** np.exp(z * e / np.log(s))),
    "logit": lambda s, e, z: tuple(expit(logit(s) + k * z * e / (1 - s)) for k in (-1, 1)),
    "arcsine": lambda s, e, z: tuple(_arcsine_end(s, e, k * z) for k in (-1, 1)),
}


@dataclass
class Style:
    """How one article prints."""

    rounding: str
    decimals: int
    p_style: str
    tests: tuple[str, ...]
    interval: str
    ratio_decimals: int
    confidence: float
    percents: str  # of the column, of the known, of the row
    sources: str

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Style:
        several = rng.random() < 0.4
        tests = rng.choice(TESTS, 3 if several else 1)
        return cls(
            rounding=str(rng.choice(list(ROUNDINGS), p=(0.6, 0.25, 0.15))),
            decimals=int(rng.choice([0, 1, 2], p=(0.55, 0.4, 0.05))),
            p_style=str(rng.choice(P_STYLES, p=(0.25, 0.3, 0.2, 0.05, 0.1, 0.1))),
            tests=tuple(map(str, tests)),
            interval=str(rng.choice(list(KINDS_OF_INTERVAL))),
            ratio_decimals=int(rng.choice([1, 2, 3], p=(0.15, 0.7, 0.15))),
            confidence=float(rng.choice([0.95, 0.9, 0.99], p=(0.9, 0.07, 0.03))),
            percents=str(rng.choice(["column", "known", "row"], p=(0.6, 0.25, 0.15))),
            sources=str(rng.choice(["printed", "derived", "assumed"], p=(0.8, 0.1, 0.1))),
        )

    @property
    def z(self) -> float:
        return float(stats.norm.isf((1 - self.confidence) / 2))


@dataclass
class Made:
    """The patients of one article and what has been printed of them."""

    rng: np.random.Generator
    style: Style
    exposure: str
    exposed: Flags
    writer: Writer = field(default_factory=Writer)

    @property
    def size(self) -> int:
        return len(self.exposed)

    @property
    def levels(self) -> tuple[str, str]:
        return EXPOSURES[self.exposure]

    @property
    def contrast(self) -> str:
        return f"{self.levels[1]}_vs_{self.levels[0]}"

    @cached_property
    def groups(self) -> tuple[tuple[str, Flags], tuple[str, Flags]]:
        """Level and members, the reference first."""
        return (self.levels[0], ~self.exposed), (self.levels[1], self.exposed)

    def population(self, level: str, base: str = "infused") -> str:
        return f"{base}[{self.exposure}={level}]"

    def text(self, value: float, decimals: int) -> str:
        exact = Decimal(repr(float(value)))
        mode = ROUNDINGS[self.style.rounding]
        text = str(exact.quantize(Decimal(1).scaleb(-decimals), rounding=mode))
        return text.removeprefix("-") if not float(text) else text

    def add(self, key: Key, value: float, decimals: int, unit: str = "", **options: Any) -> None:
        """A number as rounded; a median or a ratio is never cut off."""
        if options.pop("rounded", True) and self.style.rounding == "cut off":
            exact = Decimal(repr(float(value))).quantize(
                Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP
            )
            self.writer.add(key, str(exact), unit, **options)
            return
        self.writer.add(key, self.text(value, decimals), unit, **options)

    def share(self, key: Key, count: int, total: int, *, of: int, base: str = "infused") -> None:
        """A count and its percent; the percent is of `of`, the denominator on the line `total`."""
        options: dict[str, Any] = {"base": base, "denominator": total}
        self.writer.add(key._replace(statistic="count"), str(count), "patients", **options)
        exact = Decimal(100 * count) / Decimal(of)
        mode = ROUNDINGS[self.style.rounding]
        text = str(exact.quantize(Decimal(1).scaleb(-self.style.decimals), rounding=mode))
        self.writer.add(key._replace(statistic="proportion"), text, "%", **options)

    def p(self, key: Key, p: float, scope: str = "as printed", base: str = "infused") -> None:
        sign, text = p_text(min(p, 1.0), self.style.p_style)
        key = key._replace(statistic="p_value")
        self.writer.add(key, text, comparator=sign, base=base)
        claim = self.writer.claims[-1]
        self.writer.claims[-1] = Claim(**{**claim.__dict__, "p_scope": scope})

    def test(self, table: Table, *, ordered: bool = False) -> float:
        """P of a table under one of the article's tests that is defined for it."""
        for name in self.rng.permutation(self.style.tests):
            p = p_of(str(name), table, ordered=ordered)
            if p is not None and not np.isnan(p):
                return p
        fallback = p_of("fisher", table) if len(table) == 2 else p_of("pearson", table)
        return float("nan") if fallback is None else fallback


def p_text(p: float, style: str) -> tuple[str, str]:
    """Comparator and digits in one of the usual ways."""
    if style == "less than" and p < 0.05:
        bound = next(b for b in (0.0001, 0.001, 0.01, 0.05) if p < b)
        return "<", f"{bound:.4f}".rstrip("0")
    if p < 0.001:
        return "<", "0.001"
    if style == "less than" and p > 0.1:
        return ">", "0.05"
    if p > 0.995 and style == "three decimals":
        return ">", "0.99"
    decimals = {"one decimal": 1, "three decimals": 3}.get(style, 2)
    if style == "two digits" or (p < 0.1 and style != "three decimals"):
        decimals = max(2, int(1 - np.floor(np.log10(p))))
    mode = ROUND_DOWN if style == "cut off" else ROUND_HALF_UP
    return "=", str(Decimal(repr(p)).quantize(Decimal(1).scaleb(-decimals), rounding=mode))


def p_of(name: str, table: Table, *, ordered: bool = False) -> float | None:
    """P of a table of rows by two groups; None where the test is not defined for it."""
    counts = table[table.sum(axis=1) > 0]
    if (counts.sum(axis=0) == 0).any():
        return None
    if len(counts) < 2:
        return 1.0 if name in ("fisher", "mid-p") else None
    two = len(counts) == 2
    if name == "smaller":
        rare = (stats.contingency.expected_freq(counts) < 5).any()
        name = "fisher" if rare and two else "pearson"
    if name == "pearson" or (not two and name in ("yates", "fisher", "mid-p", "one-sided")):
        return float(stats.chi2_contingency(counts, correction=False).pvalue)
    if name == "likelihood":
        return float(
            stats.chi2_contingency(counts, correction=False, lambda_="log-likelihood").pvalue
        )
    if name == "n - 1":
        found = stats.chi2_contingency(counts, correction=False)
        n = counts.sum()
        return float(stats.chi2.sf(found.statistic * (n - 1) / n, found.dof))
    if name == "yates":
        return float(stats.chi2_contingency(counts, correction=True).pvalue)
    exact = float(stats.fisher_exact(counts).pvalue)
    if name == "mid-p":
        (a, b), (c, d) = counts
        return exact - float(stats.hypergeom.pmf(a, a + b + c + d, a + b, a + c)) / 2
    if name == "one-sided":
        return min(
            float(stats.fisher_exact(counts, alternative=side).pvalue)
            for side in ("less", "greater")
        )
    return exact


def make_design(seed: int, number: int) -> tuple[Claim, ...]:
    """One article of a seeded series."""
    rng = np.random.default_rng([seed, number, 7])
    size = int(rng.choice([rng.integers(14, 50), rng.integers(50, 400)], p=(0.3, 0.7)))
    share = rng.uniform(0.15, 0.85)
    exposed = rng.permutation(np.arange(size) < np.clip(round(size * share), 4, size - 4))
    made = Made(rng, Style.drawn(rng), str(rng.choice(list(EXPOSURES))), exposed)
    _sizes(made)
    factors = [name for name in FACTORS if name != made.exposure]
    for variable in rng.choice(factors, 3, replace=False):
        _factor(made, str(variable))
    for outcome in rng.choice(OUTCOMES, 2, replace=False):
        _outcome(made, str(outcome))
    for variable in rng.choice(list(CONTINUOUS), 2, replace=False):
        _numeric(made, str(variable))
    if rng.random() < 0.8:
        _survival(made)
    if rng.random() < 0.4:
        _competing(made)
    return _several_places(made)


def _sizes(made: Made) -> None:
    if made.rng.random() < 0.8:
        key = Key("flow", "", "infused", "infused", statistic="count")
        made.writer.add(key, str(made.size), "patients")
    if made.style.confidence != 0.95 or made.rng.random() < 0.3:
        _confidence(made)
    for level, own in made.groups:
        key = Key("baseline_by_exposure", "", made.population(level), statistic="n")
        made.writer.add(key, str(int(own.sum())), "patients")


def _confidence(made: Made) -> None:
    """The level of the intervals, a line of the design."""
    made.writer.add(Key(""), f"{round(100 * made.style.confidence)}", "%")
    claim = made.writer.claims[-1]
    made.writer.claims[-1] = Claim(
        **{**claim.__dict__, "section": "design", "base": "", "note": "level of the intervals"}
    )


def _codes(made: Made, levels: Sequence[str], rate_missing: float) -> NDArray[np.int64]:
    """A level of each patient, -1 where it is missing."""
    rng = made.rng
    shares = rng.dirichlet(np.full(len(levels), 1.2))
    codes = np.empty(made.size, dtype=np.int64)
    for _, own in made.groups:
        codes[own] = rng.choice(len(levels), own.sum(), p=rng.dirichlet(30 * shares + 0.05))
    codes[rng.random(made.size) < rate_missing] = -1
    return codes


def _table(made: Made, codes: NDArray[np.int64], levels: Sequence[str]) -> Table:
    return np.array(
        [[int((codes[own] == i).sum()) for _, own in made.groups] for i in range(len(levels))]
    )


def _factor(made: Made, variable: str) -> None:
    rng, levels = made.rng, FACTORS[variable]
    codes = _codes(made, levels, float(rng.choice([0, 0, 0.08])))
    table = _table(made, codes, levels)
    known, sizes = table.sum(axis=0), [int(own.sum()) for _, own in made.groups]
    missing = [n - k for n, k in zip(sizes, known, strict=True)]
    shown = levels[:1] if len(levels) == 2 and rng.random() < 0.5 and not any(missing) else levels
    with_missing = any(missing) and rng.random() < 0.5
    rows = [*((level, table[i]) for i, level in enumerate(shown))]
    if with_missing:
        rows.append(("missing", np.array(missing)))
    style = made.style.percents
    if style == "row" and len(shown) < len(levels):
        style = "column"
    for level, row in rows:
        for j, (name, _) in enumerate(made.groups):
            of = {"column": sizes[j], "row": int(row.sum())}.get(style, int(known[j]))
            if level == "missing" and style == "known":
                of = sizes[j]
            key = Key("baseline_by_exposure", "", made.population(name), variable, level)
            if not of:
                made.writer.add(
                    key._replace(statistic="count"), str(row[j]), "patients", denominator=sizes[j]
                )
                continue
            total = of if style == "known" else sizes[j]
            made.share(key, int(row[j]), total, of=of)
    _p_of_factor(made, variable, levels, table)


def _p_of_factor(made: Made, variable: str, levels: Sequence[str], table: Table) -> None:
    """P of all levels, of one against the rest, of some pooled, or of some left out."""
    rng, key = made.rng, Key("baseline_by_exposure", "", "infused", variable)
    key = key._replace(contrast=made.contrast)
    used, scope = table, "as printed"
    if len(levels) > 2 and rng.random() < 0.4:
        i = int(rng.integers(len(levels)))
        rest = table.sum(axis=0) - table[i]
        used, scope = np.array([table[i], rest]), levels[i].replace("_", " ")
        if rng.random() < 0.3:
            used, scope = np.delete(table, i, axis=0), "as printed"
    p = made.test(used)
    if not np.isnan(p):
        made.p(key, p, scope)
    if rng.random() < 0.15:  # in the text by another test
        other = made.test(table)
        if not np.isnan(other):
            made.p(key, other)


def _outcome(made: Made, outcome: str) -> None:
    """An event among the evaluable, by grade, with P of any, of a grade or of all grades."""
    rng = made.rng
    base = f"{outcome}_evaluable" if outcome in GRADED else "infused"
    lost = rng.random(made.size) < (rng.choice([0, 0.04]) if outcome in GRADED else 0)
    rate = rng.choice(
        [0.0, rng.uniform(0.01, 0.1), rng.uniform(0.2, 0.9), 1.0], p=(0.1, 0.2, 0.6, 0.1)
    )
    rates = np.where(made.exposed, np.clip(rate + rng.normal(0, 0.08), 0, 1), rate)
    event = rng.random(made.size) < rates
    severe = event & (rng.random(made.size) < 0.35)
    totals = [int((own & ~lost).sum()) for _, own in made.groups]
    if not all(totals):
        return
    cells = {
        "": [int((event & own & ~lost).sum()) for _, own in made.groups],
        GRADES[0]: [int((event & ~severe & own & ~lost).sum()) for _, own in made.groups],
        GRADES[1]: [int((severe & own & ~lost).sum()) for _, own in made.groups],
    }
    graded = outcome in GRADED and rng.random() < 0.7
    for level in cells if graded else [""]:
        for j, (name, _) in enumerate(made.groups):
            variable = GRADED[outcome] if level else ""
            key = Key("toxicity", outcome, made.population(name, base), variable, level)
            if level and rng.random() < 0.1:
                continue
            made.share(key, cells[level][j], totals[j], of=totals[j], base=base)
    of = GRADES[1] if graded and rng.random() < 0.4 else ""
    table = np.array([cells[of], [n - x for n, x in zip(totals, cells[of], strict=True)]])
    scope = "grade 3 or higher" if of and rng.random() < 0.5 else "as printed"
    if graded and rng.random() < 0.25:
        rest = [n - x for n, x in zip(totals, cells[""], strict=True)]
        table, scope = np.array([rest, cells[GRADES[0]], cells[GRADES[1]]]), "as printed"
    p = made.test(table)
    if not np.isnan(p):
        made.p(Key("toxicity", outcome, base, contrast=made.contrast), p, scope, base)


def _numeric(made: Made, variable: str) -> None:
    """Median with range or quartiles, or mean and standard deviation; P of the rank test."""
    rng = made.rng
    mean, spread, unit = CONTINUOUS[variable]
    values = np.abs(rng.normal(mean, spread, made.size))
    if variable in ("age_years", "prior_lines", "ldh"):
        values = np.maximum(np.rint(values), 1.0)
    how = str(rng.choice(["range", "quartiles", "mean"]))
    decimals = int(rng.integers(0, 2))
    for name, own in made.groups:
        mine = values[own]
        key = Key("baseline_by_exposure", "", made.population(name), variable)
        low, high = (mine.min(), mine.max())
        names = ("minimum", "maximum")
        if how == "quartiles":
            method = str(rng.choice(["linear", "weibull", "hazen", "inverted_cdf"]))
            low, high = np.quantile(mine, [0.25, 0.75], method=method)  # type: ignore[call-overload]
            names = ("quartile_1", "quartile_3")
        numbers = {"median": float(np.median(mine)), names[0]: low, names[1]: high}
        if how == "mean":
            numbers = {"mean": float(mine.mean()), "standard_deviation": float(mine.std(ddof=1))}
        for statistic, value in numbers.items():
            digits = decimals if statistic == "median" else int(rng.choice([decimals, 0]))
            if how == "mean":
                digits = max(1, decimals)
            made.add(key._replace(statistic=statistic), value, digits, unit, denominator=len(mine))
    key = Key("baseline_by_exposure", "", "infused", variable, contrast=made.contrast)
    first, second = (values[own] for _, own in made.groups)
    made.p(key, rank_sum(first, second))


def _survival(made: Made) -> None:
    """Curves, their points, and ratios of groups, of numbers and of both, in either direction."""
    rng = made.rng
    hazard = rng.choice([0.002, 0.05, 0.25]) * np.where(made.exposed, rng.uniform(0.5, 2.5), 1.0)
    age = rng.normal(0, 1, made.size)
    hazard = hazard * np.exp(0.3 * age)
    death = rng.exponential(1 / hazard)
    first = np.minimum(death, rng.exponential(1.5 / hazard))
    end = rng.uniform(rng.uniform(0.5, 8), 36, made.size)
    for outcome, event in (("pfs", first), ("os", death)):
        time, observed = np.minimum(event, end), event <= end
        for name, own in made.groups:
            key = Key("survival_by_exposure", outcome, made.population(name))
            _points(made, key, time[own], observed[own])
        _ratios(made, outcome, time, observed, age)


def _points(made: Made, key: Key, time: Floats, event: Flags) -> None:
    rng, style = made.rng, made.style
    landmarks = sorted(rng.choice([1.0, 3.0, 6.0, 12.0, 24.0], 2, replace=False))
    for months in landmarks:
        if (time >= months).sum() < 1:
            return
        survival, error = kaplan_meier(time, event, months)
        values = {"survival": survival}
        if 0 < survival < 1:
            ends = KINDS_OF_INTERVAL[style.interval](survival, error, style.z)
            values |= {"survival_ci_low": ends[0], "survival_ci_high": ends[1]}
        elif rng.random() < 0.6 and survival == 1:
            low = float(rng.choice([1.0, 0.05 ** (1 / len(time))]))
            values |= {"survival_ci_low": low, "survival_ci_high": 1.0}
        for name, value in values.items():
            if name == "survival_ci_high" and rng.random() < 0.05:
                continue  # not estimable
            full = key._replace(time_months=months, statistic=name)
            made.add(
                full, 100 * float(np.clip(value, 0, 1)), style.decimals, "%", denominator=len(time)
            )


def _ratios(made: Made, outcome: str, time: Floats, event: Flags, age: Floats) -> None:
    rng = made.rng
    exposed = made.exposed.astype(float)
    years = 52 + 14 * age
    reversed_ = rng.random() < 0.3
    key = Key("cox_univariable", outcome, "infused", made.exposure)
    low, high = made.levels
    level, contrast = (low, f"{low}_vs_{high}") if reversed_ else (high, made.contrast)
    sign = -1.0 if reversed_ else 1.0
    _ratio(made, key._replace(level=level, contrast=contrast), sign * exposed, time, event)
    for variable, values in (
        ("age_years", years),
        ("age_decades", years / 10),
        ("ldh", 100 * np.exp(0.5 * age)),
        ("marrow_blasts_percent", np.clip(40 + 25 * age, 0, 100)),
    ):
        if rng.random() < 0.5:
            _ratio(made, key._replace(variable=variable), values, time, event)
    if rng.random() < 0.3:  # over the distance between two quartiles
        scaled = years / (np.quantile(years, 0.75) - np.quantile(years, 0.25))
        term = key._replace(variable="age_years", level="q3", contrast="q3_vs_q1")
        _ratio(made, term, scaled, time, event)


def _ratio(made: Made, key: Key, values: Floats, time: Floats, event: Flags) -> None:
    found = cox(values, time, event)
    if found is None:
        return
    estimate, error = found
    numbers = np.exp(estimate + np.array([0, -1, 1]) * made.style.z * error)
    names = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
    large = numbers[2] >= 100
    for name, number in zip(names, numbers, strict=True):
        if number >= 1e6:
            return
        digits = 0 if large and number >= 100 else made.style.ratio_decimals
        if name == "hazard_ratio" and f"{number:.{digits}f}" == "0":
            return
        made.add(key._replace(statistic=name), float(number), digits, base="model")
    p = 2 * float(stats.norm.sf(abs(estimate / error)))
    made.p(key._replace(level=""), p, base="model")


def _competing(made: Made) -> None:
    """Cumulative incidence of relapse and of death without it; P of a test over time."""
    rng = made.rng
    kinds = rng.choice(3, made.size, p=(0.4, 0.3, 0.3))  # censored, relapse, other death
    time = rng.exponential(12, made.size)
    for name, own in made.groups:
        for kind, outcome in ((1, "relapse"), (2, "death_without_relapse")):
            for months in (6.0, 12.0):
                value = incidence(time[own], kinds[own], kind, months)
                key = Key("competing_risks", outcome, made.population(name), time_months=months)
                made.add(
                    key._replace(statistic="incidence"), 100 * value, made.style.decimals, "%",
                    denominator=int(own.sum()),
                )  # fmt: skip
    key = Key("competing_risks", "relapse", "infused", contrast=made.contrast)
    made.p(key, float(rng.uniform(0.001, 1)), "Gray")


def _several_places(made: Made) -> tuple[Claim, ...]:
    """Some numbers stand in the abstract too, some of them with fewer digits or as `about`."""
    rng, written = made.rng, list(made.writer.claims)
    for index in rng.choice(len(written), min(6, len(written)), replace=False):
        claim = written[index]
        if claim.section == "design":
            continue
        printed, comparator = claim.printed, claim.comparator
        if claim.key.statistic == "proportion" and rng.random() < 0.3:
            printed, comparator = str(5 * round(claim.value / 5)), "~"
        made.writer.add(
            claim.key,
            printed,
            claim.unit,
            comparator=comparator,
            base=claim.base,
            denominator=claim.denominator,
            source="Abstract",
        )
        last = made.writer.claims[-1]
        made.writer.claims[-1] = Claim(**{**last.__dict__, "p_scope": claim.p_scope})
    source = made.style.sources
    return tuple(
        Claim(**{**c.__dict__, "denominator_source": source if c.denominator else ""})
        for c in made.writer.claims
    )
