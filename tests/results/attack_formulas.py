"""What a released statistic is a function of, and which counts give it as it is released."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from attack_names import Name, counted, whole
from attack_solve import Puzzle
from numpy.typing import NDArray
from scipy.special import betaincinv, chdtrc, ndtri
from scipy.stats import hypergeom

from analysis_lib.format import is_suppressed
from analysis_lib.results.rows import Key, Results, Row
from analysis_lib.stats.e_value import POWER
from analysis_lib.study.groups import Population
from analysis_lib.study.study import Study

Array = NDArray[np.float64]
MOST = 3_000_000  # combinations of counts that are tried at once
LIKELY = 21
ENDS = ("", "_ci_low", "_ci_high")
SHARES = ("proportion", "proportion_ci_low", "proportion_ci_high")


@dataclass(frozen=True)
class Formula:
    """A released number as a function of counts, within half a unit of its last decimal.

    The last two of `inputs` are group sizes where formulas of the same groups are to agree.
    """

    key: Key
    inputs: tuple[Name, ...]
    function: Callable[..., Array]
    value: float
    within: float
    joint: bool = False

    def possible(self, domains: dict[Name, Array], truth: dict[Name, float]) -> Array:
        """The combinations of counts that give the number.

        Of very many those of most patients are tried, who are seldom left out: a guess that an
        attacker who knows the registry would not make where it does not hold.
        """
        ranges = [domains[x] for x in self.inputs]
        size = np.prod([float(len(x)) for x in ranges])
        likely = [x[-LIKELY:] for x in ranges]
        if size > MOST and all(truth.get(x) in y for x, y in zip(self.inputs, likely, strict=True)):
            return self._giving(likely)
        first = np.array_split(ranges[0], np.ceil(size / MOST)) if size else [ranges[0]]
        return np.hstack([self._giving([x, *ranges[1:]]) for x in first])

    def _giving(self, ranges: list[Array]) -> Array:
        every = np.array([x.ravel() for x in np.meshgrid(*ranges, indexing="ij")])
        with np.errstate(all="ignore"):
            found = self.function(*every)
        return every[:, np.abs(found - self.value) <= self.within]


@dataclass
class Precision:
    """Half a unit of the last decimal of a statistic, where its size is shown and where not."""

    decimals: dict[tuple[str, bool], int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def of(cls, shown: Results) -> Precision:
        found = cls()
        for row in shown:
            if not row.suppressed and row.value == row.value:
                text = f"{float(row.value):.12f}".rstrip("0")
                places = len(text.partition(".")[2])
                at, kind = found.decimals, _kind(row)
                at[kind] = max(at[kind], places)
        return found

    def within(self, row: Row) -> float:
        places = self.decimals[_kind(row)]
        return 1e-9 if places >= 9 else 0.5 * 10.0**-places + 1e-12


def _kind(row: Row) -> tuple[str, bool]:
    return row.key.statistic, row.n is None or is_suppressed(row.n)


def formulas(study: Study, shown: Results) -> Iterator[Formula]:
    """Of every released number whose counts the key tells."""
    precision = Precision.of(shown)
    for row in shown:
        if row.suppressed or row.value != row.value:
            continue
        for inputs, function, joint in _of(study, shown, row):
            yield Formula(row.key, inputs, function, float(row.value), precision.within(row), joint)


Made = tuple[tuple[Name, ...], Callable[..., Array], bool]


def _of(study: Study, shown: Results, row: Row) -> Iterator[Made]:
    key = row.key
    if key.statistic in SHARES:
        yield from _share(study, shown, row)
    elif key.statistic.startswith("difference") and key.contrast:
        yield from _difference(study, shown, row)
    elif key.statistic == "p_value" and key.contrast and key.analysis in ("toxicity", "response"):
        yield from _chi_square(study, shown, row)
    elif key.statistic == "standardized_difference":
        yield from _standardized(study, shown, row)
    elif key.statistic == "incidence" and key.analysis == "toxicity_onset":
        yield from _onset(study, row)
    elif key.statistic == "minimum_detectable_hazard_ratio":
        yield from _detectable(row)
    elif key.statistic == "events_per_parameter":
        yield from _per_parameter(shown, row)
    elif key.statistic == "chance":
        yield from _chance(study, shown, row)


def _pair(study: Study, shown: Results, key: Key) -> tuple[Name, Name] | None:
    """The count and the denominator of a key, as names."""
    count = key._replace(statistic="count", contrast="")
    if not shown.has(count):
        return None
    row = shown.row(count)
    found, of = counted(study, row), whole(study, row)
    return None if found is None or of is None else (found, of)


def _share(study: Study, shown: Results, row: Row) -> Iterator[Made]:
    pair = _pair(study, shown, row.key)
    if pair is not None:
        yield pair, _SHARE[row.key.statistic], False


def _low(k: Array, n: Array) -> Array:
    return np.where(k > 0, betaincinv(np.maximum(k, 1), n - k + 1, 0.025), 0.0)


_SHARE = {
    "proportion": lambda k, n: k / n,
    "proportion_ci_low": _low,
    "proportion_ci_high": lambda k, n: 1 - _low(n - k, n),
}


def _groups(study: Study, shown: Results, key: Key) -> tuple[Name, ...] | None:
    """Counts, then denominators, of the compared group and the reference."""
    groups = study.groups
    levels = [x for x in groups.levels[1:] if groups.against(x) == key.contrast]
    if len(levels) != 1 or "[" in key.population:
        return None
    found = [
        _pair(study, shown, key._replace(contrast="").within(groups, x))
        for x in (levels[0], groups.reference)
    ]
    if None in found:
        return None
    (k_1, n_1), (k_2, n_2) = (x for x in found if x is not None)
    return k_1, k_2, n_1, n_2


def _difference(study: Study, shown: Results, row: Row) -> Iterator[Made]:
    names = _groups(study, shown, row.key)
    if names is not None:
        yield names, _NEWCOMBE[row.key.statistic], True


def _wilson(k: Array, n: Array, sign: float) -> Array:
    z = ndtri(0.975)
    share = k / n
    root = np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return (share + z**2 / (2 * n) + sign * z * root) / (1 + z**2 / n)


def _newcombe(k_1: Array, k_2: Array, n_1: Array, n_2: Array, sign: float) -> Array:
    difference = k_1 / n_1 - k_2 / n_2
    first = k_1 / n_1 - _wilson(k_1, n_1, sign)
    second = k_2 / n_2 - _wilson(k_2, n_2, -sign)
    return difference + sign * np.sqrt(first**2 + second**2)


_NEWCOMBE: dict[str, Callable[..., Array]] = {
    "difference": lambda k_1, k_2, n_1, n_2: k_1 / n_1 - k_2 / n_2,
    "difference_ci_low": lambda *x: _newcombe(*x, -1.0),
    "difference_ci_high": lambda *x: _newcombe(*x, 1.0),
}


def _chi_square(study: Study, shown: Results, row: Row) -> Iterator[Made]:
    names = _groups(study, shown, row.key)
    if names is None or row.key.variable:
        return

    def p_value(k_1: Array, k_2: Array, n_1: Array, n_2: Array) -> Array:
        total, happened = n_1 + n_2, k_1 + k_2
        top = total * (k_1 * (n_2 - k_2) - k_2 * (n_1 - k_1)) ** 2
        found: Array = chdtrc(1, top / (n_1 * n_2 * happened * (total - happened)))
        return found

    yield names, p_value, True


def _binary(k_1: Array, k_2: Array, n_1: Array, n_2: Array) -> Array:
    first, second = k_1 / n_1, k_2 / n_2
    spread = np.sqrt((first * (1 - first) + second * (1 - second)) / 2)
    return np.where(first == second, 0.0, np.abs(first - second) / spread)


def _standardized(study: Study, shown: Results, row: Row) -> Iterator[Made]:
    """Of a variable of two levels, or of those without a value."""
    key, groups = row.key, study.groups
    if key.analysis == "missing_values":
        names = _groups(study, shown, key)
        if names is not None:
            yield names, _binary, True
    if key.analysis == "baseline_by_exposure":
        levels = [
            x.key.level
            for x in shown
            if x.key.analysis == key.analysis and x.key.variable == key.variable
            and x.key.population == "infused" and x.key.statistic == "count"
            and x.key.level != "missing"
        ]  # fmt: skip
        if len(levels) == 2 and len(groups.levels) == 2:
            where = [("infused", (groups.variable, x)) for x in groups.levels[::-1]]
            counts = [Name(*x, ("at", key.variable, levels[0])) for x in where]
            known = [Name(*x, ("known", key.variable, "")) for x in where]
            yield (*counts, *known), _binary, True
    if key.analysis == "weighting_none" and len(groups.levels) == 2:
        levels = sorted(map(str, study.patients[key.variable].dropna().unique()))
        if len(levels) == 2:
            where = [(groups.variable, x) for x in groups.levels[::-1]]
            counts = [Name("complete cases", x, ("at", key.variable, levels[0])) for x in where]
            sizes = [Name("complete cases", x, ("size", "", "")) for x in where]
            yield (*counts, *sizes), _of_complete(study, shown, key, where, levels), True


def _of_complete(
    study: Study, shown: Results, key: Key, where: list[tuple[str, str]], levels: list[str]
) -> Callable[..., Array]:
    """The same of complete cases: those left out at a level are some of all who are left out."""
    known = []
    for group in where:
        at = Key("baseline_by_exposure", population=f"infused[{group[0]}={group[1]}]")
        size = shown.value(at._replace(statistic="n"))
        counts = []
        for level in levels:
            of = at._replace(variable=key.variable, level=level, statistic="count")
            counts.append(shown.value(of) if shown.has(of) else np.nan)
        known.append((size, *counts))

    def possible(k: Array, n: Array, size: float, first: float, second: float) -> Array:
        out = size - n
        found = out >= 0
        for all_at, held in ((first, k), (second, n - k)):
            if not is_suppressed(all_at) and all_at == all_at:
                found &= (all_at - held >= 0) & (all_at - held <= out)
        return found

    def difference(k_1: Array, k_2: Array, n_1: Array, n_2: Array) -> Array:
        fits = possible(k_1, n_1, *known[0]) & possible(k_2, n_2, *known[1])
        return np.where(fits, _binary(k_1, k_2, n_1, n_2), np.nan)

    return difference


def _onset(study: Study, row: Row) -> Iterator[Made]:
    """Nobody is lost in the first days: incidence is a share, of those with it by a step."""
    base, group = (
        Population.parse(row.key.population).base,
        Population.parse(row.key.population).group,
    )
    outcome = row.key.outcome
    if base == f"{outcome}_evaluable" and (row.key.time_months or 0) > 0.9:
        by_then = Name("infused", group, ("steps", outcome, ""))
        yield (by_then, Name("infused", group, ("known", outcome, ""))), lambda k, n: k / n, False


def _model(key: Key, variable: str, level: str, statistic: str) -> Name:
    found = Population.parse(key.population)
    return Name(key.analysis, found.group, (found.base, key.outcome, key.time_months, variable,
                                            level, key.contrast, statistic))  # fmt: skip


def _detectable(row: Row) -> Iterator[Made]:
    """From the events of both groups and their sizes."""
    key = row.key
    total = ndtri(0.975) + ndtri(POWER)
    events = _model(key._replace(contrast=""), "", "", "events")
    first = _model(key, key.variable, key.level, "n_at_level")
    everyone = _model(key._replace(contrast=""), "", "", "n")

    def ratio(d: Array, n_1: Array, n: Array) -> Array:
        share = n_1 / n
        return np.asarray(np.exp(total / np.sqrt(d * share * (1 - share))))

    yield (events, first, everyone), ratio, False


def _per_parameter(shown: Results, row: Row) -> Iterator[Made]:
    parameters = row.key._replace(statistic="parameters")
    if shown.has(parameters) and not shown.row(parameters).suppressed:
        p = shown.value(parameters)
        yield (_model(row.key, "", "", "events"),), lambda d: d / p, False


def _chance(study: Study, shown: Results, row: Row) -> Iterator[Made]:
    """The chance that none of `n` patients is in a group, of all with a value, or all of them."""
    key = row.key
    group = Population.parse(key.population).group
    if group[0] != study.groups.variable:
        held = Name("infused", ("", ""), ("at", key.variable, key.level))
        total = Name("infused", ("", ""), ("known", key.variable, ""))
        of = Name("infused", ("", ""), ("at", *group))
        yield (held, total, of), lambda n, t, k: hypergeom.pmf(n, t, k, n), False
        return
    known = Name("infused", ("", ""), ("known", key.variable, ""))
    inside = Name("infused", group, ("known", key.variable, ""))
    held = Name("infused", ("", ""), ("at", key.variable, key.level))

    def none(n: Array, total: Array, of: Array) -> Array:
        return np.asarray(hypergeom.pmf(n, total, total - of, n))

    yield (held, known, inside), none, False


def narrow(
    puzzle: Puzzle, known: list[Formula], truth: dict[Name, float], cap: int
) -> dict[Name, tuple[float, float]]:
    """Tighter bounds of the unknown counts, from what is released of functions of them."""
    domains: dict[Name, Array] = {}
    asked = [x for x in known if any(puzzle._is_open(y) for y in x.inputs)]
    for name in {y for x in asked for y in x.inputs}:
        low, high = puzzle.range({name: 1.0})
        domains[name] = np.arange(max(low, 0), min(high, cap) + 1)
    joint: dict[tuple[Name, ...], set[tuple[float, ...]]] = {}
    for one in sorted(asked, key=lambda x: float(np.prod([len(domains[y]) for y in x.inputs]))):
        found = one.possible(domains, truth)
        if not found.size:
            continue
        for name, values in zip(one.inputs, found, strict=True):
            domains[name] = np.intersect1d(domains[name], values)
        if one.joint:
            pair = one.inputs[2:]
            mine = set(map(tuple, np.unique(found[2:], axis=1).T.tolist()))
            joint[pair] = joint[pair] & mine if pair in joint else mine
            for name, values in zip(pair, np.array(sorted(joint[pair])).T, strict=True):
                domains[name] = np.intersect1d(domains[name], values)
    return {x: (float(y.min()), float(y.max())) for x, y in domains.items() if y.size}
