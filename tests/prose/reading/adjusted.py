"""The adjusted comparison: what it is of, how it moves from rung to rung, whether it changes."""

from __future__ import annotations

import re
from math import isnan, log

from reading.baseline import labels_in
from reading.common import OPEN, openness
from reading.numbers import CI, RATIO, N, P, agrees, number
from reading.reader import G, Reader, pattern

RUNGS = ("cox_ladder_crude", "cox_ladder_crude_adjusted_population", "cox_ladder_baseline")
LABEL = r"(?P<label>[^:.;]+?)"


def ladder_key(reader: Reader, a: str, b: str = "") -> dict[str, str]:
    """Variable, level and contrast of a group against the reference."""
    group = reader.group(a)
    (reference,) = [x for x in reader.world.of(group.variable) if x.is_reference]
    reader.expect(not b or reader.group(b).level == reference.level, f"{b} is no reference")
    return {
        "variable": group.variable,
        "level": group.level,
        "contrast": f"{group.level}_vs_{reference.level}",
    }


@pattern(
    rf"All (?P<n>{N}) patients were infused\. Whoever was referred .+? is not known\.", chapter="07"
)
def all_infused(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "estimand", "population": "infused"}
    reader.count(match["n"], reader.value(**key, statistic="n"))


@pattern(r"If the exposure, or the reason for it, changed the chance .+? removes it\.")
def selection(reader: Reader, match: re.Match[str]) -> None:
    """No claim on these patients."""


@pattern(
    r"(?:Of the terms of the primary model these are known before .+? and can confound but not "
    r"mediate: (?P<certain>.+?)\.|No term of the primary model is sure to be known before .+?\.)"
    r"(?: Whether these came before it is not recorded: (?P<unordered>.+?)\.)?"
    r"(?: These are known after it may have begun: (?P<either>.+?)\. Adjusting for what it changed "
    r"takes away .+? do not tell the two apart\.)?(?: Fixed by the exposure itself: "
    r"(?P<own>.+?)\.)?"
    r"(?: .+? answers another question, for it holds what is known only after infusion: "
    r"(?P<after>.+?)\.)?"
)
def roles(reader: Reader, match: re.Match[str]) -> None:
    """The terms named are those of the primary model, each once."""
    given = reader.world.parameters
    named: list[str] = []
    for name in ("certain", "unordered", "either", "own"):
        if match[name]:
            named += labels_in(reader, match[name], given.baseline_terms)
    reader.expect(len(named) == len(set(named)), f"named twice: {named}")
    reader.expect(set(named) <= set(given.baseline_terms), f"no terms: {named}")
    if match["after"]:
        after = labels_in(reader, match["after"], given.as_published_terms)
        reader.expect(set(after) <= set(given.as_published_terms), f"no terms: {after}")


@pattern(
    rf"(?:The terms of the primary model are (?P<terms>.+?)\.|No covariate is left to adjust for\.)"
    rf"(?: The same in every patient, and so left out: (?P<same>.+?)\.)? It holds (?P<n>{N}) of "
    rf"(?P<all>{N}) infused patients?\.(?: (?P<lack>{N}) lacks? a value \((?P<missing>.+?)\)\.)?"
)
def primary_model(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.world.parameters.endpoints[0]
    key = {"analysis": "cox_ladder_baseline", "outcome": outcome, "population": "infused"}
    n, excluded = (reader.value(**key, statistic=x) for x in ("n", "excluded"))
    reader.count(match["n"], n, "the patients")
    reader.count(match["all"], n + excluded, "all patients")
    if match["lack"]:
        reader.count(match["lack"], excluded, "those who lack a value")
    reader.expect(bool(match["lack"]) == (excluded > 0), f"{excluded} lack a value")
    for text in (match["terms"], match["same"]):
        named = labels_in(reader, text, reader.world.parameters.baseline_terms) if text else []
        reader.expect(set(named) <= set(reader.world.parameters.baseline_terms), f"{named}")


@pattern(
    rf"{LABEL}: the crude hazard ratio of (?P<a>{G}) against (?P<b>{G}) is (?P<crude>{RATIO}) "
    rf"in all "
    rf"(?P<n>{N}) infused and (?P<among>{RATIO}) in the (?P<k>{N}) of the adjusted model; adjusted "
    rf"for baseline covariates it is (?P<adjusted>{RATIO})\. Leaving out the patients without a "
    r"covariate (?P<first>[^;]+?) before anything is adjusted; the adjustment itself "
    r"(?P<second>[^.]+?)\."
)
def rungs(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.outcome(match["label"])
    key = ladder_key(reader, match["a"], match["b"])
    at = {"outcome": outcome, "population": "infused"}
    found = [
        reader.ratio(match[x], analysis=analysis, **at, **key)
        for x, analysis in zip(("crude", "among", "adjusted"), RUNGS, strict=True)
    ]
    reader.memory["rungs"], reader.memory["ladder"] = found, at | key
    reader.count(match["n"], reader.value(analysis=RUNGS[0], **at, statistic="n"))
    reader.count(match["k"], reader.value(analysis=RUNGS[2], **at, statistic="n"))
    moved(reader, match["first"], found[0][0], found[1][0])
    moved(reader, match["second"], found[1][0], found[2][0])


def moved(reader: Reader, text: str, before: float, after: float) -> None:
    """Whether an estimate, as printed, moved as it is said to."""
    same = f"{before:.2f}" == f"{after:.2f}"
    if "where it is" in text:
        reader.expect(agrees(f"{before:.2f}", after) or same, f"{before} became {after}")
        return
    reader.expect(not same or abs(before - after) > 1e-3, f"{before} became {after}")
    across = log(before) * log(after) < 0
    nearer = abs(log(after)) < abs(log(before))
    said = "other side" in text, "towards" in text, "away" in text
    truth = across, nearer and not across, not nearer and not across
    reader.expect(said == truth, f"{before} became {after}: {text}")


@pattern(
    rf"(?:All three intervals contain (?P<all>1)|(?P<both>Both) crude intervals exclude 1 and the "
    rf"adjusted one contains it|(?P<one>One) crude interval and the adjusted one contain 1), "
    rf"which is "
    rf"no evidence that there is no difference: (?P<open>{OPEN})\."
)
def intervals_with_one(reader: Reader, match: re.Match[str]) -> None:
    crude, among, adjusted = reader.memory["rungs"]
    holds = [low <= 1 <= high for _, low, high in (crude, among, adjusted)]
    openness(reader, match["open"], adjusted[1], adjusted[2])
    told = 2 if match["all"] else 0 if match["both"] else 1
    reader.expect(sum(holds[:2]) == told, f"{holds}")


@pattern(
    r"The adjusted interval excludes 1 on the side of a (?P<side>higher|lower) hazard, (?:as do "
    r"both "
    r"crude (?P<both>ones)|though not every crude one)\."
)
def interval_without_one(reader: Reader, match: re.Match[str]) -> None:
    crude, among, (_, low, high) = reader.memory["rungs"]
    reader.expect(low > 1 if match["side"] == "higher" else high < 1, f"{low} to {high}")
    holds = [x <= 1 <= y for _, x, y in (crude, among)]
    reader.expect(bool(match["both"]) == (not any(holds)), f"crude ones hold 1: {holds}")


@pattern(
    rf"With errors by centre \((?P<k>{N}) centres?\) the adjusted interval is "
    rf"(?P<way>wider|narrower) "
    rf"\((?P<ci>{CI})\) and (?:says the (?P<same>same)|decides otherwise) about 1\."
)
def by_centre(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": RUNGS[2]} | reader.memory["ladder"]
    low, high = (reader.value(**key, statistic=f"robust_ci_{x}") for x in ("low", "high"))
    reader.interval(match["ci"], low, high)
    _, own_low, own_high = reader.memory["rungs"][2]
    wider = log(high / low) > log(own_high / own_low)
    reader.expect(wider == (match["way"] == "wider"), f"{low}–{high} beside {own_low}–{own_high}")
    same = (low <= 1 <= high) == (own_low <= 1 <= own_high)
    reader.expect(same == bool(match["same"]), f"{low}–{high} beside {own_low}–{own_high}")
    centres = reader.value(
        analysis=RUNGS[2], outcome=key["outcome"], population="infused", statistic="clusters"
    )
    reader.count(match["k"], centres, "the centres")


@pattern(
    r"(?:The extract records no centre|The groups are the centres|All patients are of one "
    rf"centre|The centre of {N} of {N} patients is not recorded); errors by centre are left "
    r"out\."
)
def no_errors_by_centre(reader: Reader, match: re.Match[str]) -> None:
    rows = reader.world.where(RUNGS[2], statistic="robust_ci_low")
    reader.expect(all(isnan(x["value"]) for x in rows), "they are there")


@pattern(
    rf"With (?P<n>{N}) events? in the two groups (?:the adjusted comparison|it) has at best "
    rf"80% power for a hazard ratio of (?P<ratio>{N})"
    r"(?:; a smaller difference goes unseen more easily)?\."
)
def detectable(reader: Reader, match: re.Match[str]) -> None:
    key = reader.memory.get("published") or {"analysis": RUNGS[2]} | reader.memory["ladder"]
    value = reader.value(**key, statistic="minimum_detectable_hazard_ratio")
    reader.number(match["ratio"], value, "the detectable ratio")
    events = sum(
        reader.value(**key | {"level": level, "contrast": contrast}, statistic="events_at_level")
        for level, contrast in zip(
            key["contrast"].split("_vs_"), (key["contrast"], ""), strict=True
        )
    )
    reader.count(match["n"], events, "the events")


@pattern(
    rf"{LABEL}: not on every rung is there an estimate against (?P<b>{G}) for (?P<groups>.+?), "
    rf"so the "
    r"rungs cannot be compared\."
)
def no_rungs(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.outcome(match["label"])
    missing = set()
    for group in reader.world.of(reader.world.exposure)[1:]:
        key = ladder_key(reader, group.phrase)
        values = [
            reader.value(
                analysis=x, outcome=outcome, population="infused", **key, statistic="hazard_ratio"
            )
            for x in RUNGS
        ]
        if any(map(isnan, values)):
            missing.add(group.label)
    for label in sorted(missing, key=len, reverse=True):
        reader.expect(label in match["groups"], f"{label} has no estimate either")
    rest = match["groups"]
    for label in sorted(missing, key=len, reverse=True):
        rest = rest.replace(label, "")
    reader.expect(re.fullmatch(r"(?:, | and )*", rest) is not None, f"{rest} has an estimate")


@pattern(
    rf"(?:For (?P<who>{G})|In [^.⟦]+?) (?:\((?P<k>{N}) patients?, (?P<events>{N}) events?\) )?the "
    rf"hazard "
    rf"ratio of (?P<a>{G}) is (?:(?P<ratio>{N} \({CI}\))(?:; the article prints .+?)?\. Our "
    rf"interval "
    rf"(?:excludes (?P<out>1)|contains 1, which is no evidence that there is no difference: "
    rf"(?P<open>{OPEN}))|not estimable)\.",
    chapter="07",
)
def fixed_model(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "cox_ladder_as_published", "outcome": "pfs"}
    key["population"] = reader.world.parameters.model_population
    for name, statistic in (("k", "n"), ("events", "events")):
        if match[name]:
            reader.count(match[name], reader.value(**key, statistic=statistic), statistic)
    key |= ladder_key(reader, match["a"])
    _, low, high = reader.ratio(match["ratio"] or "not estimable", **key)
    reader.memory["published"] = key
    if match["ratio"]:
        reader.expect(bool(match["out"]) == (not low <= 1 <= high), f"{low} to {high}")
    if match["open"]:
        openness(reader, match["open"], low, high)


@pattern(
    rf"{LABEL}: (?:proportional hazards cannot be tested|the score test gives (?:(?P<crude>{P}) "
    rf"for "
    rf"the exposure alone)?(?: and )?(?:(?P<adjusted>{P}) beside the baseline covariates)?\. "
    rf"(?:The "
    r"hazard ratio (?P<changes>changes) with time, so that a single one is an average over the "
    rf"follow-up|No change of the hazard ratio with time is evident; with (?P<n>{N}) events? "
    rf"only a "
    r"large one would be))\.",
    chapter="07",
)
def proportionality(reader: Reader, match: re.Match[str]) -> None:
    outcome, exposure = reader.outcome(match["label"]), reader.world.exposure
    key = {"outcome": outcome, "population": "infused", "variable": exposure}
    if reader.place.heading.startswith("One effect"):  # told of the whole primary model
        whole = reader.value(analysis=RUNGS[2], **key | {"variable": ""}, statistic="ph_p_value")
        reader.expect(isnan(whole), f"the global P is {whole}")
        return
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
    if match["n"]:
        at = {"analysis": RUNGS[0], "outcome": outcome, "population": "infused"}
        reader.count(match["n"], reader.value(**at, statistic="events"), "the events")


@pattern(
    rf"(?:{LABEL}: )?[Tt]he hazard ratio of (?P<a>{G}) against (?P<b>{G}) is "
    rf"(?P<before>{RATIO}) up to "
    rf"(?P<cut>{N}) months, on (?P<n>{N}) events?, and (?P<after>{RATIO}) after (?P<same>{N}) "
    rf"months, "
    rf"on (?P<m>{N}) events?\. (?:Whether it changes cannot be tested|It (?P<way>rises after "
    rf"the cut|"
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
