"""What the screen is worth, how the model was fitted, and every specification."""

from __future__ import annotations

import re
from math import isnan
from statistics import median

from reading.adjusted import ladder_key
from reading.models import diagnosed
from reading.numbers import N, agrees, number
from reading.reader import G, Reader, pattern

_BOOTSTRAP, _HELD = "screen_bootstrap", "screen_bootstrap_same_terms"


def _model(reader: Reader, analysis: str) -> dict[str, str]:
    base = reader.world.parameters.model_population
    return {"analysis": analysis, "outcome": "pfs", "population": base}


@pattern(
    rf"(?:All (?P<all>{N}) resamples gave the same model|(?P<n>{N}) resamples gave (?P<k>{N}) "
    rf"different "
    rf"models; (?P<same>{N})% of them gave the model of all patients)\."
)
def resamples(reader: Reader, match: re.Match[str]) -> None:
    key = _model(reader, _BOOTSTRAP)
    count, distinct, same = (
        reader.value(**key, statistic=x) for x in ("resamples", "distinct_models", "same_model")
    )
    reader.count(match["all"] or match["n"], count)
    reader.count(match["k"] or "1", distinct)
    if match["same"]:
        reader.number(match["same"], same, "the same model", scale=100)


@pattern(
    rf"In nine of ten resamples or more pass(?P<es>es)? (?P<which>no candidate|.+? \({N}%\))\."
    rf"(?: In the model, though passing in less than half of them: (?P<seldom>.+?\))\.)?"
)
def candidates(reader: Reader, match: re.Match[str]) -> None:
    key = _model(reader, _BOOTSTRAP)
    shares = {x["variable"]: x["value"] for x in reader.world.where(**key, statistic="selected")}
    enters = {x["variable"] for x in reader.world.where(**key, statistic="enters") if x["value"]}
    always = {k for k, v in shares.items() if v >= 0.9}
    seldom = {k for k, v in shares.items() if v < 0.5 and k in enters}
    reader.expect((len(always) < 2) == bool(match["es"]), f"{len(always)} pass")
    for text, truth in ((match["which"], always), (match["seldom"] or "", seldom)):
        named = set()
        for label, share in re.findall(rf"(?:^|, | and )(.+?) \(({N})%(?:, forced)?\)", text):
            variable = reader.world.variable(label, shares)
            named.add(variable)
            reader.number(share, shares.get(variable, float("nan")), label, scale=100)
        reader.expect(named == truth, f"{truth}, not {named}")


@pattern(
    rf"The hazard ratio of (?P<a>{G}) has the median (?P<median>{N}) and between its percentiles "
    rf"(?P<low>{N}) to (?P<high>{N}); on the log scale it varies (?:(?P<share>{N})% "
    rf"(?P<way>more|less) than"
    r"|as much as) with the terms held\."
)
def spread(reader: Reader, match: re.Match[str]) -> None:
    level = ladder_key(reader, match["a"])
    key = _model(reader, _BOOTSTRAP) | level
    value, low, high = reader.estimate("hazard_ratio", **key)
    for text, number_ in ((match["median"], value), (match["low"], low), (match["high"], high)):
        reader.number(text, number_, "the ratio over the resamples")
    errors = [
        reader.value(**x, statistic="empirical_std_error")
        for x in (key, _model(reader, _HELD) | level)
    ]
    ratio = errors[0] / errors[1]
    reader.number(match["share"] or "0", abs(ratio - 1), "how much more", scale=100)
    if match["way"]:
        reader.expect((match["way"] == "more") == (ratio > 1), f"{errors}")


@pattern(rf"For (?P<a>{G}) too few resamples have an estimate\.")
def no_spread(reader: Reader, match: re.Match[str]) -> None:
    level = ladder_key(reader, match["a"])
    values = [
        reader.value(**_model(reader, x), **level, statistic="hazard_ratio")
        for x in (_BOOTSTRAP, _HELD)
    ]
    reader.expect(any(map(isnan, values)), f"they have: {values}")


_COVERED = rf"{N}% \(Monte Carlo error {N}%\)"


@pattern(
    rf"(?P<truth>Where the primary model's covariates act on the hazard|Where all candidates "
    rf"act on it, "
    rf"[^,]+?), the (?P<ci>{N})% CI(?: of (?P<a>{G}))? holds the true hazard "
    rf"ratio of 1 in (?P<screened>{_COVERED}) of the cohorts after the screen and in "
    rf"(?P<fixed>{_COVERED}) "
    rf"with the terms fixed(?:, (?P<less>both|the former|the latter) less often than the "
    rf"(?P<level>{N})% "
    r"that it promises)?; (?P<bias>.+?)\.(?=\s|$)"
)
def coverage(reader: Reader, match: re.Match[str]) -> None:
    groups = reader.world.of(reader.world.exposure)
    level = ladder_key(reader, match["a"] or groups[1].phrase)
    truth = "baseline" if "primary" in match["truth"] else "candidates"
    promised = reader.world.parameters.confidence_level
    short, found = [], []
    for name in ("screened", "fixed"):
        key = _model(reader, f"screen_simulation_{truth}_{name}") | level
        value, error = (reader.value(**key, statistic=x) for x in ("coverage", "coverage_mc_error"))
        printed, spread_ = re.findall(rf"({N})%", match[name])
        reader.number(printed, value, f"coverage, {name}", scale=100)
        reader.number(spread_, error, f"its error, {name}", scale=100)
        short.append(value < promised - 2 * error)
        found.append([reader.value(**key, statistic=x) for x in ("bias", "bias_mc_error")])
    words = {(True, True): "both", (True, False): "the former", (False, True): "the latter"}
    reader.expect(match["less"] == words.get((short[0], short[1])), f"short: {short}")
    for name, (bias, error) in zip(("the screened model", "the fixed one"), found, strict=True):
        said = re.search(
            rf"{name} is biased (upwards|downwards) \(log hazard ratio ({N})\)", match[0]
        )
        reader.expect(bool(said) == (abs(bias) > 2 * error), f"{name}: {bias}, error {error}")
        if said:
            reader.expect((said[1] == "upwards") == (bias > 0), f"the bias is {bias}")
            reader.number(said[2], bias, "the bias")


@pattern(
    r"Not fitted: (?:fewer events \((?P<n>\d+)\) than parameters \((?P<k>\d+)\)|no events|.+?)\."
)
def not_fitted(reader: Reader, match: re.Match[str]) -> None:
    if match["n"]:
        reader.expect(int(match["n"]) < int(match["k"]), "these are not fewer")
        events = reader.value(**diagnosed(reader), statistic="events")
        reader.count(match["n"], events, "the events")


@pattern(
    r"No events? at .+?: its patients \(n = \d+\) are left out of the risk sets, which is "
    r"the limit "
    r"of the likelihood\."
)
def no_events_at(reader: Reader, match: re.Match[str]) -> None:
    """How a fit departed from the plain one; the counts are in no row."""


def _points(reader: Reader, outcome: str, a: str) -> list[tuple[float, float, float]]:
    """The estimates of all specifications with their intervals, from the smallest."""
    key = {"outcome": outcome} | ladder_key(reader, a)
    found = []
    for name in reader.world.by_analysis:
        if not name.startswith("curve_") or name.startswith("curve_by_"):
            continue
        for row in reader.world.where(name, **key, statistic="hazard_ratio"):
            at = {x: row[x] for x in ("population", "time_months")} | key
            ends = [
                reader.value(analysis=name, **at, statistic=f"hazard_ratio_ci_{x}")
                for x in ("low", "high")
            ]
            if not isnan(row["value"]):
                found.append((row["value"], *ends))
    return sorted(found)


@pattern(
    rf"(?P<label>[^:,]+?), (?P<a>{G}): (?:(?P<n>{N}) specifications? gives? (?:a )?hazard "
    rf"ratios? of "
    rf"(?P<low>{N})(?:–| to )(?P<high>{N}), in the middle (?P<middle>{N}); (?P<clear>{N}) of "
    rf"their intervals "
    r"excludes? 1|no specification gives an estimate)\."
)
def specifications(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.outcome(match["label"])
    points = _points(reader, outcome, match["a"])
    reader.memory["points"] = points
    reader.memory["point_key"] = {"outcome": outcome} | ladder_key(reader, match["a"])
    reader.expect(bool(match["n"]) == bool(points), f"{len(points)} give one")
    if not match["n"] or not points:
        return
    ratios = [x[0] for x in points]
    reader.count(match["n"], len(points), "the specifications")
    for name, value in (("low", ratios[0]), ("high", ratios[-1]), ("middle", median(ratios))):
        reader.number(match[name], value, name)
    clear = sum(not low <= 1 <= high for _, low, high in points)
    reader.count(match["clear"], clear, "those that exclude 1")


@pattern(
    r"Counted from the smallest, (?:the primary model is the "
    r"(?P<primary>\d+)(?:st|nd|rd|th))?(?: and )?"
    r"(?:(?:model A|the article's model|the fixed-term model)(?: is)? the "
    r"(?P<fixed>\d+)(?:st|nd|rd|th))?\."
)
def ranks(reader: Reader, match: re.Match[str]) -> None:
    points, key = reader.memory["points"], reader.memory["point_key"]
    for name, analysis in (
        ("primary", "cox_ladder_baseline"),
        ("fixed", "cox_ladder_as_published"),
    ):
        if not match[name]:
            continue
        rows = reader.world.where(analysis, **key, statistic="hazard_ratio")
        rank = int(match[name])
        reader.expect(0 < rank <= len(points), f"there are {len(points)}")
        if rows and 0 < rank <= len(points):
            value, there = rows[0]["value"], points[rank - 1][0]
            reader.expect(abs(value - there) < 1e-6 * max(1, value), f"{value} is not {there}")


@pattern(
    rf"The choice that moves them most is “(?P<choice>.+?)”: the median is (?P<low>{N}) with "
    rf"“.+?” and "
    rf"(?P<high>{N}) with “.+?”\."
)
def moves_most(reader: Reader, match: re.Match[str]) -> None:
    spreads = _medians(reader)
    most = max((max(x) / min(x) for x in spreads.values() if x), default=1)
    fits = [
        x
        for x in spreads.values()
        if x and agrees(match["low"], min(x)) and agrees(match["high"], max(x))
    ]
    reader.expect(any(max(x) / min(x) >= most * (1 - 1e-9) for x in fits), f"{spreads}")
    reader.expect(number(match["low"]) < number(match["high"]), f"the medians of {match}")


@pattern(rf"No choice moves their median, (?P<all>{N}), by a digit that is shown\.")
def moves_nothing(reader: Reader, match: re.Match[str]) -> None:
    several = [x for x in _medians(reader).values() if len(x) > 1]
    widest = max(several, key=lambda x: max(x) / min(x))
    reader.expect(all(agrees(match["all"], x) for x in widest), f"{several}")


def _medians(reader: Reader) -> dict[str, list[float]]:
    """The median of the specifications under each option, by what is chosen."""
    spreads: dict[str, list[float]] = {}
    for name in reader.world.by_analysis:
        if name.startswith("curve_by_"):
            rows = reader.world.where(
                name, **reader.memory["point_key"], statistic="median_hazard_ratio"
            )
            held = [x["value"] for x in rows if not isnan(x["value"])]
            spreads.setdefault(name.split("_")[2], []).extend(held)
    return spreads
