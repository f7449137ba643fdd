"""Other choices, missing values, confounding: how far the hazard ratio moves."""

from __future__ import annotations

import re
from math import isfinite, isnan, nan

from reading.adjusted import LABEL, RUNGS, ladder_key
from reading.baseline import labels_in
from reading.common import OPEN, openness
from reading.numbers import CI, RATIO, N, agrees, number
from reading.reader import G, Reader, pattern

_FAMILY = (
    r"(?P<label>[^:;,]+?), (?P<model>model A|the article's model|baseline-adjusted)"
    r"(?:, (?P<who>[^:]+))?"
)
_ENDS = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")


def family(reader: Reader, match: re.Match[str], stem: str) -> list[dict[str, str]]:
    """Keys of the chosen model and of all analyses of the stem, for the group spoken of."""
    outcome = reader.outcome(match["label"])
    baseline = match["model"] == "baseline-adjusted"
    groups = reader.world.of(reader.world.exposure)
    group = next((x for x in groups[1:] if x.label == match["who"]), groups[1])
    reader.expect(bool(match["who"]) == (len(groups) > 2), "which group?")
    kind = "baseline" if baseline else "as_published"
    population = "infused" if baseline else reader.world.parameters.model_population
    level = ladder_key(reader, group.phrase)
    chosen = {"analysis": f"cox_ladder_{kind}", "outcome": outcome, "population": population}
    names = sorted(x for x in reader.world.by_analysis if x.startswith(f"{stem}_{kind}_"))
    others = []
    for name in names:
        rows = reader.world.where(name, outcome=outcome, statistic="hazard_ratio", **level)
        others += [chosen | {"analysis": name, "population": x["population"]} for x in rows]
    return [x | level for x in (chosen, *others)]


@pattern(
    rf"{_FAMILY}: as specified the hazard ratio is (?P<ratio>{RATIO}); under (?P<n>{N}) other "
    rf"choices? "
    rf"it lies between (?P<low>{N}) and (?P<high>{N})\. (?:The interval "
    rf"(?P<all>contains|excludes) 1 "
    r"whatever is chosen|The interval as specified (?P<mine>contains|excludes) 1; it "
    r"(?P<other>contains"
    r"|excludes) it under: (?P<under>.+?))\.(?: [^:.]+: this changes neither patients nor "
    r"events\.)?"
)
def choices(reader: Reader, match: re.Match[str]) -> None:
    chosen, *others = family(reader, match, "cox_sensitivity")
    _, low, high = reader.ratio(match["ratio"], **chosen)
    found = [[reader.value(**x, statistic=name) for name in _ENDS] for x in others]
    known = [x for x in found if not isnan(x[0])]
    reader.count(match["n"], len(known), "the other choices")
    values = [x[0] for x in known]
    reader.number(match["low"], min(values, default=nan), "the least")
    reader.number(match["high"], max(values, default=nan), "the most")
    inside = low <= 1 <= high
    apart = sum((x[1] <= 1 <= x[2]) != inside for x in known)
    word = "contains" if inside else "excludes"
    reader.expect(bool(match["all"]) == (apart == 0), f"{apart} decide otherwise")
    reader.expect((match["all"] or match["mine"]) == word, f"it {word} 1")
    if match["under"]:
        reader.expect(match["other"] != word, f"it {word} 1")
        reader.expect(match["under"].count("; ") + 1 == apart, f"{apart} decide otherwise")


@pattern(
    r"(?P<label>[^:;,]+?), (?P<model>model A|the article's model|baseline-adjusted): there "
    r"is no "
    r"estimate to compare for (?P<which>.+?)\."
)
def no_choices(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.outcome(match["label"])
    kind = "baseline" if match["model"] == "baseline-adjusted" else "as_published"
    named = [x for x in reader.world.of(reader.world.exposure)[1:] if x.label in match["which"]]
    reader.expect(bool(named), f"no group is {match['which']}")
    for group in named:
        key = ladder_key(reader, group.phrase)
        own = _known(reader, f"cox_ladder_{kind}", outcome, key)
        names = [x for x in reader.world.by_analysis if x.startswith(f"cox_sensitivity_{kind}_")]
        others = any(_known(reader, x, outcome, key) for x in names)
        reader.expect(not (own and others), f"{group.label} has")


def _known(reader: Reader, analysis: str, outcome: str, key: dict[str, str]) -> bool:
    rows = reader.world.where(analysis, outcome=outcome, statistic="hazard_ratio", **key)
    return any(not isnan(x["value"]) for x in rows)


@pattern(
    rf"Not recorded, of (?P<n>{N}) infused patients?: (?P<gaps>.+?\))\. (?P<m>{N}) completed "
    rf"copies? "
    r"(?:are|is) pooled\."
)
def gaps(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "estimand", "population": "infused"}
    reader.count(match["n"], reader.value(**key, statistic="n"))
    reader.count(match["m"], reader.world.parameters.imputations, "the copies")
    rows = reader.world.where("missing_values", population="infused", level="missing")
    held = {x["variable"]: x["value"] for x in rows if x["statistic"] == "count"}
    for label, count in re.findall(rf"(?:^|, | and )(.+?) \(({N})\)", match["gaps"]):
        name = reader.world.variable(label, held)
        reader.expect(bool(name), f"no variable is called {label}")
        reader.expect(name not in held or held[name] == number(count), f"{label}: {held}")


@pattern(
    rf"{_FAMILY}: (?:the two cannot be compared|(?P<complete>{RATIO}) in (?P<n>{N}) complete "
    rf"cases?, "
    rf"(?P<imputed>{RATIO}) in (?P<m>{N}) with gaps imputed; (?:both intervals "
    rf"(?P<both>contain|exclude) "
    r"1|the first interval (?P<first>contains|excludes) 1 and the second does not))\."
)
def imputed(reader: Reader, match: re.Match[str]) -> None:
    chosen, *_ = family(reader, match, "cox_sensitivity")
    kind = chosen["analysis"].removeprefix("cox_ladder_")
    keys = [chosen | {"analysis": f"cox_{x}_{kind}"} for x in ("complete", "imputed")]
    if not match["n"]:
        values = [reader.value(**x, statistic="hazard_ratio") for x in keys]
        reader.expect(any(map(isnan, values)), f"they can: {values}")
        return
    inside = []
    for key, ratio, n in zip(keys, ("complete", "imputed"), ("n", "m"), strict=True):
        _, low, high = reader.ratio(match[ratio], **key)
        inside.append(low <= 1 <= high)
        base = {x: key[x] for x in ("analysis", "outcome", "population")}
        reader.count(match[n], reader.value(**base, statistic="n"), "the patients")
    reader.expect(bool(match["both"]) == (inside[0] == inside[1]), f"{inside}")
    word = match["both"] or match["first"]
    reader.expect(word.startswith("contain") == inside[0], f"{inside}")


_UNKNOWN = ("responded", "refractory", "widest", "narrowest")


@pattern(
    rf"Of the patients considered for the model, the response to the exposure is unknown in "
    rf"(?P<n>{N}), "
    rf"with (?P<m>{N}) events?\."
)
def unknown_responses(reader: Reader, match: re.Match[str]) -> None:
    base = {"outcome": "pfs", "population": reader.world.parameters.model_population}
    whole = {"analysis": "cox_unknown_response_widest"} | base
    known = {"analysis": "cox_as_published_b"} | base
    considered = [
        reader.value(**x, statistic="n") + reader.value(**x, statistic="excluded")
        for x in (whole, known)
    ]
    reader.count(match["n"], considered[0] - considered[1], "the unknown")
    reader.expect(number(match["m"]) <= number(match["n"]), "more events than patients")


@pattern(
    rf"(?:The hazard ratio of (?P<a>{G}) is (?P<known>{RATIO}) with the unknown left out and "
    rf"between "
    rf"(?P<low>{N}) and (?P<high>{N}) under the assumptions; (?:every interval (?P<every>contains|"
    rf"excludes) 1|whether the interval contains 1 depends on them)|For (?P<b>{G}) there is "
    rf"nothing to "
    r"compare)\."
)
def assumed_responses(reader: Reader, match: re.Match[str]) -> None:
    variable = "ino_exposure_response"
    group = reader.group(match["a"] or match["b"], variable)
    (reference,) = [x for x in reader.world.of(variable) if x.is_reference]
    key = {"outcome": "pfs", "population": reader.world.parameters.model_population}
    key |= {"variable": variable, "level": group.level}
    key["contrast"] = f"{group.level}_vs_{reference.level}"
    own = reader.ratio(match["known"], analysis="cox_as_published_b", **key) if match["a"] else None
    rows = [
        [
            (reader.world.row(analysis=f"cox_unknown_response_{x}", **key, statistic=y) or {}).get(
                "value", nan
            )
            for y in _ENDS
        ]
        for x in _UNKNOWN
    ]
    found = [x for x in rows if x[0] > 0]
    if own is None:
        value = reader.value(analysis="cox_as_published_b", **key, statistic="hazard_ratio")
        reader.expect(isnan(value) or not found, "there is something")
        return
    reader.number(match["low"], min(x[0] for x in found), "the least")
    reader.number(match["high"], max(x[0] for x in found), "the most")
    inside = [low <= 1 <= high for _, low, high in (own, *found)]
    said = {"contains": {True}, "excludes": {False}}.get(match["every"], {True, False})
    reader.expect(set(inside) == said, f"{inside}")


@pattern(
    rf"(?P<n>{N}) of (?P<all>{N}) patients? (?:was|were) not evaluable for response "
    r"\((?P<groups>.+?)\)\.(?= The difference|$)"
)
def not_evaluable(reader: Reader, match: re.Match[str]) -> None:
    left, every = _not_evaluable(reader, "")
    reader.count(match["n"], left)
    reader.count(match["all"], every)
    for group in reader.world.of(reader.world.exposure):
        left, every = _not_evaluable(reader, f"[{group.variable}={group.level}]")
        at = re.search(
            rf"(?:^|; ){re.escape(group.label)}: ({N}) of ({N})(?:, ({N})%)?", match["groups"]
        )
        reader.expect(at is not None, f"{group.label} is not named")
        if at:
            reader.count(at[1], left, group.label)
            reader.count(at[2], every, group.label)
            reader.number(at[3] or "0", left / every, "the share", scale=100)


def _not_evaluable(reader: Reader, part: str) -> tuple[float, float]:
    """Of a group, how many had no assessment, and how many there are."""
    key = {"outcome": "cr_cri", "statistic": "count"}
    known = reader.row(
        analysis="response_evaluable_only", population=f"response_evaluable{part}", **key
    )["denominator"]
    every = reader.row(analysis="response_none", population=f"infused{part}", **key)["denominator"]
    return every - known, every


_POINTS = rf"{N} \({CI}\)"


@pattern(
    rf"The difference in CR/CRi between (?P<a>{G}) and (?P<b>{G}) is (?P<evaluable>{_POINTS}) "
    rf"percentage "
    rf"points among the evaluable and (?P<none>{_POINTS}) with all others as non-responders; it "
    rf"could be "
    rf"anything from (?P<worst>{_POINTS}) to (?P<best>{_POINTS})\."
)
def response_bounds(reader: Reader, match: re.Match[str]) -> None:
    contrast = ladder_key(reader, match["a"], match["b"])["contrast"]
    found = {}
    for name, analysis in (
        ("evaluable", "evaluable_only"),
        ("none", "none"),
        ("worst", "worst"),
        ("best", "best"),
    ):
        base = "response_evaluable" if name == "evaluable" else "infused"
        key = {"analysis": f"response_{analysis}", "outcome": "cr_cri", "population": base}
        value, low, high = reader.estimate("difference", **key, contrast=contrast)
        printed, _, ci = match[name].partition(" (")
        reader.number(printed, value, name, scale=100, digits=1)
        reader.interval(ci[:-1], low, high, scale=100)
        found[name] = value
    reader.expect(found["worst"] <= found["none"] <= found["best"], f"{found}")


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
    rf"Unweighted, (?P<n>{N}) of (?P<all>{N}) covariates? differ by (?P<bound>{N}) or more "
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
    rf"(?P<label>[^:,]+?), (?P<a>{G}): a confounder that no covariate stands for would have to be "
    rf"associated with exposure and endpoint by a risk ratio of (?P<value>{N}) each to explain the "
    rf"adjusted hazard ratio(?:; its interval contains (?P<in>1) already|, and by "
    rf"(?P<limit>{N}) each to "
    r"move its interval to 1)\."
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
    rf"hazard ratio lies between (?P<low>{N}) and (?P<high>{N}), of all it is (?P<whole>{RATIO}); "
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
    found = [[x[y] for y in _ENDS] for x in by_centre.values()]
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
    rf"(?:Every level of every categorical covariate occurs in every group\."
    rf"|Found in no patient of a group, and more than chance: .+?\."
    rf"|(?P<n>{N}) (?P<verb>levels? (?:is|are)) missing in a group where chance could leave it "
    rf"out\."
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
