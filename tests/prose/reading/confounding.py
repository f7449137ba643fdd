"""How far the groups can be made alike, and what is left to the unmeasured."""

from __future__ import annotations

import re
from math import isfinite, isnan, nan

from reading.adjusted import LABEL, RUNGS, ladder_key
from reading.baseline import labels_in
from reading.common import OPEN, openness
from reading.numbers import RATIO, N, agrees, number
from reading.reader import G, Reader, pattern
from reading.robustness import ENDS


@pattern(
    rf"The propensity is fitted in the (?P<n>{N}) of (?P<all>{N}) patients? with every "
    rf"covariate, with "
    rf"(?P<k>{N}) covariates? and (?P<m>{N}) coefficients?\."
    r"(?: Left out, because the exposure itself fixes its value: [^.]+?\.)?"
    r"(?: The covariates tell a group apart without exception; its weights stand at their limit\.)?"
)
def propensity(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "propensity", "population": "infused", "variable": reader.world.exposure}
    n, left, k = (reader.value(**key, statistic=x) for x in ("n", "excluded", "parameters"))
    reader.count(match["n"], n)
    reader.count(match["all"], n + left)
    reader.count(match["m"], k, "the coefficients")
    reader.expect(number(match["k"]) <= len(reader.world.parameters.baseline_terms), "too many")


@pattern(
    rf"(?:(?P<n>{N}) patients? (?P<verb>has|have)|No patient has) a propensity for some group "
    rf"below "
    rf"{N}% or above {N}%\.(?: The propensity for (?P<g>{G}) runs from (?P<ranges>.+?)\.(?=\s|$))?"
)
def extremes(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "propensity", "variable": reader.world.exposure}
    total = 0.0
    for group in reader.world.of(reader.world.exposure):
        where = f"infused[{group.variable}={group.level}]"
        total += reader.value(**key, population=where, statistic="extreme")
    reader.count(match["n"] or "0", total, "the extreme")
    if not match["g"]:
        return
    level = reader.group(match["g"]).level
    for item in reader.items(match["ranges"], rf"({N}) to ({N}) in ({G})"):
        group = reader.group(item[3])
        at = key | {"population": f"infused[{group.variable}={group.level}]", "level": level}
        for text, name in ((item[1], "minimum"), (item[2], "maximum")):
            reader.number(text, reader.value(**at, statistic=name), name, digits=2)


def _distances(reader: Reader, scheme: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in reader.world.where(f"weighting_{scheme}", statistic="standardized_difference"):
        if isfinite(row["value"]):
            found[row["variable"]] = max(found.get(row["variable"], 0), row["value"])
    return found


@pattern(
    rf"Unweighted, (?P<n>{N}) of (?P<all>{N}) covariates? differs? by (?P<bound>{N}) or more "
    rf"standard "
    rf"deviations, the largest difference being (?P<top>{N})\."
)
def unweighted(reader: Reader, match: re.Match[str]) -> None:
    found = _distances(reader, "none")
    bound = number(match["bound"])
    reader.count(match["n"], sum(x >= bound for x in found.values()), "those that differ")
    reader.number(match["top"], max(found.values(), default=0), "the largest")


@pattern(
    rf"Under (?P<scheme>inverse probability|overlap) weights (?:none does|(?P<n>{N}) of them still "
    rf"(?:does|do): (?P<which>.+?)) \(largest (?P<top>{N})\), at an effective size of (?P<sizes>"
    rf"{N} of {N} in {G}(?:(?:, | and ){N} of {N} in {G})*)\."
)
def weighted(reader: Reader, match: re.Match[str]) -> None:
    scheme = "overlap" if match["scheme"] == "overlap" else "iptw"
    found = _distances(reader, scheme)
    still = {k for k, v in found.items() if v >= 0.1}
    reader.count(match["n"] or "0", len(still), "those that differ")
    named = set(labels_in(reader, match["which"], still)) if match["which"] else set()
    reader.expect(named == still, f"{still}, not {named}")
    reader.number(match["top"], max(found.values(), default=0), "the largest")
    for item in reader.items(match["sizes"], rf"({N}) of ({N}) in ({G})"):
        group = reader.group(item[3])
        where = f"infused[{group.variable}={group.level}]"
        key = {"analysis": f"weighting_{scheme}", "population": where}
        row = reader.row(**key, statistic="effective_sample_size")
        reader.number(item[1], row["value"], "the effective size", digits=1)
        reader.count(item[2], row["n"], "the patients")


@pattern(
    rf"{LABEL}: the marginal hazard ratio of (?P<a>{G}) against (?P<b>{G}) is (?P<none>{RATIO}) "
    rf"unweighted, (?P<iptw>{RATIO}) under inverse probability weights and (?P<overlap>{RATIO}) "
    rf"under "
    r"overlap weights\. In the patients who could have been in (?:either|any) group "
    r"(?:the interval excludes 1 on the side of a (?P<side>higher|lower) hazard; what was not "
    r"recorded "
    rf"may still differ|there is no clear difference: (?P<open>{OPEN}))\."
)
def marginal(reader: Reader, match: re.Match[str]) -> None:
    key = {"outcome": reader.outcome(match["label"]), "population": "infused"}
    key |= ladder_key(reader, match["a"], match["b"])
    low, high = nan, nan
    for scheme in ("none", "iptw", "overlap"):
        _, low, high = reader.ratio(match[scheme], analysis=f"weighting_{scheme}", **key)
    if match["open"]:
        openness(reader, match["open"], low, high)
    else:
        reader.expect(low > 1 if match["side"] == "higher" else high < 1, f"{low} to {high}")


@pattern(rf"{LABEL}: the weighted hazard ratio of (?P<a>{G}) against (?P<b>{G}) is not estimable\.")
def no_marginal(reader: Reader, match: re.Match[str]) -> None:
    key = {"outcome": reader.outcome(match["label"]), "population": "infused"}
    key |= ladder_key(reader, match["a"], match["b"])
    values = [
        reader.value(analysis=f"weighting_{x}", **key, statistic="hazard_ratio")
        for x in ("none", "iptw", "overlap")
    ]
    reader.expect(any(map(isnan, values)), f"it is: {values}")


@pattern(
    rf"(?P<label>[^:,]+?), (?P<a>{G}): to explain the adjusted hazard ratio, something unmeasured "
    rf"would have to go with exposure and endpoint by a risk ratio of (?P<value>{N}) each"
    rf"(?:; its interval contains (?P<in>1) already|, and by (?P<limit>{N}) each to move its "
    r"interval to 1)\."
)
def e_value(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": RUNGS[2], "outcome": reader.outcome(match["label"])}
    key |= {"population": "infused"} | ladder_key(reader, match["a"])
    reader.number(match["value"], reader.value(**key, statistic="e_value"), "the E-value")
    limit = reader.value(**key, statistic="e_value_limit")
    _, low, high = reader.estimate("hazard_ratio", **key)
    reader.expect(bool(match["in"]) == (low <= 1 <= high), f"the interval is {low} to {high}")
    if match["limit"]:
        reader.number(match["limit"], limit, "the E-value of the interval")


@pattern(r"No adjusted hazard ratio has an estimate to explain\.")
def no_e_value(reader: Reader, match: re.Match[str]) -> None:
    rows = reader.world.where(RUNGS[2], variable=reader.world.exposure, statistic="hazard_ratio")
    reader.expect(all(isnan(x["value"]) for x in rows), "one has")


@pattern(
    rf"(?P<label>[^:,]+?)(?:, (?P<who>[^:]+?))?: without one of (?P<n>{N}) centres? at a time "
    rf"the adjusted "
    rf"hazard ratio lies between (?P<low>{N}) and (?P<high>{N}), and with all of "
    rf"them it is (?P<whole>{RATIO}); "
    r"(?:whichever centre is left out, the interval says the (?P<same>same) about 1|without "
    r"(?:one of "
    rf"them|any one of (?P<k>{N}) of them) the interval says otherwise about 1 than that of all)\."
    rf"(?: Without (?P<lost>{N}) of them there is no estimate\.)?"
)
def without_a_centre(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.outcome(match["label"])
    groups = reader.world.of(reader.world.exposure)
    group = next((x for x in groups[1:] if x.label == match["who"]), groups[1])
    key = {"outcome": outcome, "population": "infused"} | ladder_key(reader, group.phrase)
    _, low, high = reader.ratio(match["whole"], analysis=RUNGS[2], **key)
    rows = reader.world.where(
        "leave_one_centre_out", outcome=outcome, variable="centre", contrast=key["contrast"]
    )
    by_centre: dict[str, dict[str, float]] = {}
    for row in rows:
        by_centre.setdefault(row["level"], {})[row["statistic"]] = row["value"]
    found = [[x[y] for y in ENDS] for x in by_centre.values()]
    known = [x for x in found if not isnan(x[0])]
    reader.count(match["n"], len(found), "the centres")
    reader.count(match["lost"] or "0", len(found) - len(known), "those without an estimate")
    reader.number(match["low"], min(x[0] for x in known), "the least")
    reader.number(match["high"], max(x[0] for x in known), "the most")
    other = sum((x[1] <= 1 <= x[2]) != (low <= 1 <= high) for x in known)
    told = 0 if match["same"] else number(match["k"] or "1")
    reader.expect(told == other, f"{other} say otherwise")


@pattern(
    r"(?:The groups are the centres|All patients are of one centre|The extract records no "
    r"centre"
    rf"|The centre of {N} of {N} patients is not recorded|{LABEL}: without one centre at a "
    rf"time no "
    r"adjusted hazard ratio has an estimate); leaving one centre out is left out\."
)
def centres_stay(reader: Reader, match: re.Match[str]) -> None:
    if match["label"]:
        outcome = reader.outcome(match["label"])
        rows = reader.world.where("leave_one_centre_out", outcome=outcome, statistic="minimum")
        reader.expect(all(isnan(x["value"]) for x in rows), "one is left out")


@pattern(
    rf"(?:Every level of every (?:other )?categorical covariate occurs in every group\."
    rf"|Found in no patient of a group, and more than chance: .+?\."
    rf"|(?P<n>{N}) (?P<verb>levels? (?:is|are)) missing in a group where chance could leave it "
    rf"out\."
    r"|Of one value in each group, so that nobody in one is like anybody in another, and no model "
    r"can tell it from the exposure: .+?\."
    r"|No level of one covariate lies within a level of another beyond chance\."
    r"|Within one another, beyond chance: .+? cannot be told from these data in those who lack the "
    r"other\.)"
)
def positivity(reader: Reader, match: re.Match[str]) -> None:
    """Counts of cells are in no row; what can be checked is their grammar."""
    if match["n"]:
        one = match["verb"] == "level is"
        reader.expect(
            (match["n"] == "1") == one and agrees(match["n"], number(match["n"])), "plural"
        )
