"""Whether the hazard ratio changes with time, and mean survival times."""

from __future__ import annotations

import re
from math import isnan

from reading.adjusted import LABEL, RUNGS, ladder_key
from reading.numbers import CI, RATIO, N, P, number
from reading.reader import G, Reader, pattern

ALONE, BESIDE = "for the exposure alone", "beside the baseline covariates"


@pattern(
    rf"{LABEL}: (?:proportional hazards cannot be tested|the score test gives (?:(?P<crude>{P}) "
    rf"for "
    rf"the exposure alone)?(?: and )?(?:(?P<adjusted>{P}) beside the baseline covariates)?\. "
    rf"(?:The "
    rf"hazard ratio (?P<changes>changes) with time(?: (?P<which>{ALONE}|{BESIDE}))?, so that a "
    rf"single one is an average over the follow-up(?:; (?P<not>{ALONE}|{BESIDE}) no change is "
    rf"evident)?|No change of the hazard ratio with time is evident over (?P<n>{N}) events?, "
    r"which is no proof that there is none))\.",
    heading="Does the ratio move",
)
def proportionality(reader: Reader, match: re.Match[str]) -> None:
    outcome, exposure = reader.outcome(match["label"]), reader.world.exposure
    key = {"outcome": outcome, "population": "infused", "variable": exposure}
    values = [
        (reader.world.row(analysis=x, **key, statistic="ph_p_value") or {"value": float("nan")})[
            "value"
        ]
        for x in ("proportional_hazards_crude", RUNGS[2])
    ]
    for name, value in zip(("crude", "adjusted"), values, strict=True):
        reader.expect(bool(match[name]) == (not isnan(value)), f"{name}: P is {value}")
        if match[name]:
            reader.p(match[name], value)
    reader.expect(bool(match["changes"]) == any(x < 0.05 for x in values), f"P are {values}")
    below = {x for x, p in zip((ALONE, BESIDE), values, strict=True) if p < 0.05}
    above = {x for x, p in zip((ALONE, BESIDE), values, strict=True) if p >= 0.05}
    if below and above:
        reader.expect({match["which"]} == below, f"{below}, not {match['which']}")
        reader.expect({match["not"]} == above, f"{above}, not {match['not']}")
    else:
        reader.expect(not match["which"], f"both are {values}")
    if match["n"]:
        at = {"analysis": RUNGS[0], "outcome": outcome, "population": "infused"}
        reader.count(match["n"], reader.value(**at, statistic="events"), "the events")


@pattern(
    rf"(?:{LABEL}: )?[Tt]he hazard ratio of (?P<a>{G}) against (?P<b>{G}) is "
    rf"(?P<before>{RATIO}) up to "
    rf"(?P<cut>{N}) months, on (?P<n>{N}) events?, and (?P<after>{RATIO}) after (?P<same>{N}) "
    rf"months, "
    rf"on (?P<m>{N}) events?\. (?:By how much it changes at the cut cannot be estimated|"
    rf"It (?P<way>rises after the cut|"
    rf"falls after the cut|changes) by a factor of (?P<factor>{RATIO}), (?P<p>{P})"
    r"(?P<unclear>: no clear change, and no proof that there is none)?)\."
)
def periods(reader: Reader, match: re.Match[str]) -> None:
    if match["label"]:
        reader.memory["outcome"] = reader.outcome(match["label"])
    cut = number(match["cut"])
    given = reader.world.parameters.hazard_cut_months
    reader.expect(cut == number(match["same"]) == given, f"the cut is at {given}")
    base = {"outcome": reader.memory.get("outcome", ""), "population": "infused"}
    base["time_months"] = cut
    key = ladder_key(reader, match["a"], match["b"])
    for name, text, analysis in (
        ("before", "n", "cox_before_cut"),
        ("after", "m", "cox_after_cut"),
    ):
        reader.ratio(match[name], analysis=analysis, **base, **key)
        events = reader.value(analysis=analysis, **base, statistic="events")
        reader.count(match[text], events, "the events")
    change = base | key | {"analysis": "cox_change_at_cut"}
    factor = match["factor"] or "not estimable"
    _, low, high = reader.ratio(factor, statistic="hazard_ratio_change", **change)
    if match["p"]:
        reader.p(match["p"], reader.value(**change, statistic="p_value"))
        way = "rises" if low > 1 else "falls" if high < 1 else "changes"
        reader.expect(match["way"].startswith(way), f"the factor is {low} to {high}")
        reader.expect(bool(match["unclear"]) == (way == "changes"), f"{low} to {high}")


@pattern(rf"The test of any change over all groups gives (?P<p>{P})\.")
def any_change(reader: Reader, match: re.Match[str]) -> None:
    (row,) = reader.world.where(
        "cox_change_at_cut", outcome=reader.memory.get("outcome"), statistic="lr_p_value"
    )
    reader.p(match["p"], row["value"])


_MEANS = rf"{N} months in {G}(?:(?:, | and ){N} months in {G})*"


@pattern(
    rf"(?:{LABEL}: )?[Uu]p to (?P<time>{N}) months, the mean time (?P<free>[a-z, -]+?) is "
    rf"(?P<means>{_MEANS})\."
)
def mean_times(reader: Reader, match: re.Match[str]) -> None:
    if match["label"]:
        reader.memory["outcome"] = reader.outcome(match["label"])
    outcome = reader.memory.get("outcome", "")
    time = reader.memory["time"] = number(match["time"])
    failure = ", non-response" if reader.world.parameters.nonresponse_is_pfs_event else ""
    free = {"pfs": f"without relapse{failure} or death", "os": "alive"}
    reader.expect(match["free"] == free.get(outcome), f"{match['free']}: {outcome}")
    key = {"analysis": "restricted_mean", "outcome": outcome, "time_months": time}
    named = set()
    for item in reader.items(match["means"], rf"({N}) months in ({G})"):
        group = reader.group(item[2])
        where = f"infused[{group.variable}={group.level}]"
        mean = reader.value(**key, population=where, statistic="restricted_mean")
        reader.number(item[1], mean, f"the mean in {group.phrase}", digits=1)
        named.add(group.level)
    for group in reader.world.of(reader.world.exposure):
        where = f"infused[{group.variable}={group.level}]"
        known = not isnan(reader.value(**key, population=where, statistic="restricted_mean"))
        reader.expect(known == (group.level in named), f"{group.phrase} is known: {known}")


@pattern(
    rf"It (?:is (?P<way>longer|shorter) in (?P<a>{G}) than in (?P<b>{G})|does not differ clearly "
    rf"between (?P<c>{G}) and (?P<d>{G})) \(difference (?P<value>{N}) months, (?P<ci>{CI}), "
    rf"(?P<p>{P})\)\."
)
def mean_difference(reader: Reader, match: re.Match[str]) -> None:
    key = _mean_key(reader, match["a"] or match["c"], match["b"] or match["d"])
    value, low, high = reader.estimate("restricted_mean_difference", **key)
    reader.number(match["value"], value, "the difference", digits=1)
    reader.interval(match["ci"], low, high)
    reader.p(match["p"], reader.value(**key, statistic="p_value"))
    way = "longer" if low > 0 else "shorter" if high < 0 else None
    reader.expect(match["way"] == way, f"the difference is {low} to {high}")


def _mean_key(reader: Reader, a: str, b: str) -> dict[str, object]:
    return {
        "analysis": "restricted_mean",
        "outcome": reader.memory.get("outcome", ""),
        "population": "infused",
        "contrast": ladder_key(reader, a, b)["contrast"],
        "time_months": reader.memory.get("time"),
    }


@pattern(rf"For (?P<a>{G}) and (?P<b>{G}) no interval of the difference is estimable\.")
def no_mean_interval(reader: Reader, match: re.Match[str]) -> None:
    _, low, _ = reader.estimate(
        "restricted_mean_difference", **_mean_key(reader, match["a"], match["b"])
    )
    reader.expect(isnan(low), f"it begins at {low}")


@pattern(
    rf"(?:{LABEL}: )?[Ii]n (?P<groups>{G}(?:(?:, | and ){G})*) follow-up ends before (?P<time>{N}) "
    r"months, so that the mean up to then is not estimable\."
)
def no_mean(reader: Reader, match: re.Match[str]) -> None:
    if match["label"]:
        reader.memory["outcome"] = reader.outcome(match["label"])
    key = {"analysis": "restricted_mean", "outcome": reader.memory.get("outcome", "")}
    time = number(match["time"])
    for item in reader.items(match["groups"], G):
        group = reader.group(item[0])
        where = f"infused[{group.variable}={group.level}]"
        mean = reader.value(**key, population=where, time_months=time, statistic="restricted_mean")
        reader.expect(isnan(mean), f"the mean is {mean}")
