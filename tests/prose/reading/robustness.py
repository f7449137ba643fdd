"""Other choices and missing values: how far the hazard ratio moves."""

from __future__ import annotations

import re
from math import isclose, isnan, nan

from reading.adjusted import ladder_key
from reading.numbers import CI, RATIO, N, number
from reading.reader import G, Reader, pattern

_FAMILY = (
    r"(?P<label>[^:;,]+?), (?P<model>model A|the article's model|baseline-adjusted)"
    r"(?:, (?P<who>[^:]+))?"
)


ENDS = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")


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
    rf"it (?:is (?P<one>{N})|lies between (?P<low>{N}) and (?P<high>{N}))\.(?: (?:The interval "
    rf"(?P<all>contains|excludes) 1 "
    r"under each of them|The interval as specified (?P<mine>contains|excludes) 1; it "
    r"(?P<other>contains"
    r"|excludes) it under: (?P<under>.+?))\.)?(?: [^:.]+: this changes neither patients nor "
    r"events\.)?"
)
def choices(reader: Reader, match: re.Match[str]) -> None:
    chosen, *others = family(reader, match, "cox_sensitivity")
    chosen_value, low, high = reader.ratio(match["ratio"], **chosen)
    found = [[reader.value(**x, statistic=name) for name in ENDS] for x in others]
    known = [x for x in found if not isnan(x[0])]
    reader.count(match["n"], len(known), "the other choices")
    values = [x[0] for x in known]
    reader.number(match["low"] or match["one"], min(values, default=nan), "the least")
    reader.number(match["high"] or match["one"], max(values, default=nan), "the most")
    if not (match["all"] or match["mine"]):
        alike = all(isclose(x, chosen_value, rel_tol=1e-9) for x in values)
        return reader.expect(alike, "a choice changes the ratio")
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
    rf"(?: Their number leaves a Monte Carlo error of at most (?P<error>{N}) in the logarithm of a "
    rf"hazard ratio and (?:of (?P<of_p>{N})|less than 0\.0001) in a P value\.)?"
)
def gaps(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "estimand", "population": "infused"}
    reader.count(match["n"], reader.value(**key, statistic="n"))
    reader.count(match["m"], reader.world.parameters.imputations, "the copies")
    for group, statistic in (("error", "coefficient_mc_error"), ("of_p", "p_value_mc_error")):
        if match[group]:
            analyses = (x for x in reader.world.by_analysis if x.startswith("cox_imputed_"))
            rows = [y for x in analyses for y in reader.world.where(x, statistic=statistic)]
            largest = max(x["value"] for x in rows if not isnan(x["value"]))
            reader.expect(number(match[group]) == round(largest, 4), f"{statistic}: {largest}")
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
            for y in ENDS
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


def _shifts(reader: Reader, key: dict[str, str]) -> list[tuple[str, str, float, float, float]]:
    """Covariate, level, ratio and ends under each shift, the smallest shifts first."""
    at = {"outcome": key["outcome"], "contrast": key["contrast"]}
    rows = reader.world.where("cox_imputed_shifted", **at, statistic="hazard_ratio")
    told = [
        (
            x["variable"],
            x["level"],
            *reader.estimate(
                "hazard_ratio",
                **{y: x[y] for y in ("analysis", "population", "variable", "level")},
                **at,
            ),
        )
        for x in rows
    ]
    return sorted(told, key=lambda x: abs(float(x[1].partition("_")[2])))


@pattern(
    rf"(?P<label>[^:,.]+?)(?:, (?P<who>[^:.]+?))?: (?:the ratios under a shift cannot be compared|"
    rf"without a shift the hazard ratio is (?P<start>{RATIO}); with the imputed values of one "
    rf"covariate shifted by up to (?P<most>{N}) log odds or standard deviations it (?:is "
    rf"(?P<one>{N})|lies between (?P<low>{N}) and (?P<high>{N})))\."
)
def shifted(reader: Reader, match: re.Match[str]) -> None:
    groups = reader.world.of(reader.world.exposure)
    group = next((x for x in groups[1:] if x.label == match["who"]), groups[1])
    key = {"outcome": reader.outcome(match["label"])} | ladder_key(reader, group.phrase)
    found = _shifts(reader, key)
    if not match["start"]:
        reader.expect(any(isnan(x[2]) for x in found), "they can")
        return
    _, low, high = reader.ratio(
        match["start"], analysis="cox_imputed_baseline", population="infused", **key
    )
    reader.memory["shifted"] = {"found": found, "inside": low <= 1 <= high}
    reader.number(match["low"] or match["one"], min(x[2] for x in found), "the lowest")
    reader.number(match["high"] or match["one"], max(x[2] for x in found), "the highest")
    most = max(abs(float(x[1].partition("_")[2])) for x in found)
    reader.number(match["most"], most, "the largest shift", digits=1)


def _turned(reader: Reader) -> list[tuple[str, str, float, float, float]]:
    told = reader.memory["shifted"]
    return [x for x in told["found"] if (x[3] <= 1 <= x[4]) != told["inside"]]


@pattern(r"Every interval (?P<way>contains|excludes) 1, as it does there\.")
def none_turns(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(not _turned(reader), "one turns")
    reader.expect((match["way"] == "contains") == reader.memory["shifted"]["inside"], "it does not")


@pattern(
    rf"Whether its interval contains 1 turns first where (?P<term>.+?) is shifted by (?P<by>{N}) "
    rf"in (?P<where>everyone|{G} alone)\."
)
def turns_first(reader: Reader, match: re.Match[str]) -> None:
    turned = _turned(reader)
    scope = "everyone" if match["where"] == "everyone" else "compared"
    shift = number(match["by"])
    name = reader.world.variable(match["term"], {x[0] for x in turned})
    reader.expect(any(x[:2] == (name, f"{scope}_{shift:g}") for x in turned), "not there")
    least = min((abs(float(x[1].partition("_")[2])) for x in turned), default=0.0)
    reader.expect(abs(shift) == least, "another turns before")


@pattern(
    r"The ratio hardly moves; the end of its interval lies so close to 1 that neither verdict "
    r"carries far\."
)
def hardly_moves(reader: Reader, match: re.Match[str]) -> None:
    values = [x[2] for x in reader.memory["shifted"]["found"]]
    reader.expect(bool(_turned(reader)) and max(values) / min(values) < 1.21, f"{values}")


@pattern(
    r"(?:Nothing is imputed, so that no imputed value can be shifted|Every covariate of the "
    r"primary model is recorded; none can be shifted)\."
)
def nothing_shifted(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(not reader.world.where("cox_imputed_shifted"), "something is")
