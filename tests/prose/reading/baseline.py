"""Who was studied, how the groups differed, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Container
from math import isfinite, isnan

from reading.numbers import N, P, number
from reading.reader import G, Reader, pattern
from reading.survival import variable_of


@pattern(
    rf"(?:All (?P<every>{N}) patients? in the extract were eligible"
    rf"|Of (?P<all>{N}) patients? in the extract (?P<left>{N}) (?:was|were) eligible\. "
    r"Left out were (?P<reasons>.+?))\. "
    r"The groups compared are (?P<groups>.+?\))\."
)
def flow(reader: Reader, match: re.Match[str]) -> None:
    """The rules take the extract down to the eligible, and the groups share these out."""
    rows = reader.world.where(analysis="attrition", statistic="excluded")
    excluded = sorted(x["value"] for x in rows if x["value"])
    whole, left = (number(match[x] or match["every"]) for x in ("all", "left"))
    reader.expect(whole - sum(excluded) == left, f"{whole} without {excluded} is not {left}")
    printed = re.findall(rf"({N}) by the rule “[^”]+”", match["reasons"] or "")
    reader.expect(sorted(map(number, printed)) == excluded, f"excluded: {excluded}")
    total = 0.0
    for text, label, n, share in _sizes(reader, match["groups"]):
        group = next(
            (x for x in reader.world.of(reader.world.exposure) if _same(x.label, label)), None
        )
        reader.expect(group is not None, f"no group is called {label}")
        if group:
            key = {"analysis": "flow", "population": "infused", "variable": group.variable}
            count = reader.value(**key, level=group.level, statistic="count")
            reader.count(n, count, text)
            part = reader.value(**key, level=group.level, statistic="proportion")
            reader.number(share, part, text, scale=100)
            total += count
    reader.expect(total == left, f"the groups hold {total} of {left}")


def _same(label: str, text: str) -> bool:
    return label.casefold() == text.casefold()


def _sizes(reader: Reader, text: str) -> list[tuple[str, str, str, str]]:
    """Label, count and percent of each group; a label may hold anything."""
    found = []
    for group in reader.world.of(reader.world.exposure):
        at = re.search(rf"(?:^|, | and ){re.escape(group.label)} ({N}) \(({N})%\)", text, re.I)
        reader.expect(at is not None, f"{group.label} is not named")
        if at:
            found.append((group.label, group.label, at[1], at[2]))
    return found


def baseline_analysis(reader: Reader) -> str:
    heading = reader.place.heading
    kind = "response" if "response" in heading else "timing" if "timing" in heading else "exposure"
    return f"baseline_by_{kind}"


EXACTLY = "by Fisher's exact test "
SHAPES = ("age_group_as_published", "ph_positive")


def _tested(reader: Reader, statistic: str = "p_value") -> dict[str, float]:
    """P of every characteristic, of which the same in another shape is none."""
    rows = reader.world.where(analysis=baseline_analysis(reader), statistic=statistic)
    return {x["variable"]: x["value"] for x in rows if x["variable"] not in SHAPES}


@pattern(
    rf"Of (?P<n>{N}) characteristics? that can be tested (?:the groups differed in (?P<which>.+? "
    rf"\((?:{EXACTLY})?{P}\))|none has P below \.05)\."
)
def by_test(reader: Reader, match: re.Match[str]) -> None:
    exact = _tested(reader, "fisher_p_value")
    tested = {k: v for k, v in (_tested(reader) | exact).items() if not isnan(v)}
    below = {k: v for k, v in tested.items() if v < 0.05}
    reader.count(match["n"], len(tested), "the characteristics")
    named = {}
    each = rf"(?:^|, | and )(.+?) \(({EXACTLY})?({P})\)"
    for label, how, p_value in re.findall(each, match["which"] or ""):
        variable = reader.world.variable(label, tested)
        reader.expect(bool(how) == (variable in exact), f"{variable} has counts of its own")
        reader.expect(variable in below, f"{label} is not among {list(below)}")
        named[variable] = p_value
        reader.p(p_value, tested.get(variable, float("nan")))
    reader.expect(set(named) == set(below), f"below .05 are {list(below)}")


@pattern(
    rf"The standardised difference exceeded (?P<bound>{N}) for (?P<n>{N}) of (?P<all>{N}); it was "
    rf"largest for (?P<label>.+?) \((?P<value>{N})\)\."
)
def by_distance(reader: Reader, match: re.Match[str]) -> None:
    rows = reader.world.where(
        analysis=baseline_analysis(reader), statistic="standardized_difference"
    )
    largest: dict[str, float] = {}
    for row in rows:
        if isfinite(row["value"]) and row["variable"] in _tested(reader):
            name = row["variable"]
            largest[name] = max(largest.get(name, 0), row["value"])
    reader.count(match["all"], len(largest), "the characteristics")
    beyond = sum(x > number(match["bound"]) for x in largest.values())
    reader.count(match["n"], beyond, "those beyond it")
    top = max(largest.values(), default=float("nan"))
    reader.number(match["value"], top, "the largest")
    named = reader.world.variable(match["label"], largest)
    reader.expect(largest.get(named) == top, f"{match['label']} is not the largest")


@pattern(rf"The standardised difference of (?P<label>.+?) was (?P<value>{N})\.")
def only_distance(reader: Reader, match: re.Match[str]) -> None:
    rows = reader.world.where(
        analysis=baseline_analysis(reader), statistic="standardized_difference"
    )
    known = {x["variable"]: x["value"] for x in rows if isfinite(x["value"])}
    reader.count("1", len(known.keys() & _tested(reader).keys()), "the characteristics")
    named = reader.world.variable(match["label"], known)
    reader.number(match["value"], known.get(named, float("nan")), "the difference")


@pattern(
    rf"Of (?P<asked>{N}) variables? (?P<n>{N}) lacks? a value in someone whom (?:it concerns|they "
    rf"concern)\. Missing most often is (?P<label>.+?): in (?P<k>{N}) of (?P<of>{N})(?P<part> of "
    rf"[^(]+?)? \((?P<share>{N})%\)\."
)
def missing_values(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "missing_values", "population": "infused", "level": "missing"}
    shares = {x["variable"]: x["value"] for x in reader.world.where(**key, statistic="proportion")}
    lacking = {k: v for k, v in shares.items() if v > 0}
    reader.count(match["n"], len(lacking), "those that lack a value")
    reader.count(match["asked"], len(shares), "those that were asked for")
    named = reader.world.variable(match["label"], shares)
    row = reader.row(**key, variable=named, statistic="count")
    reader.count(match["k"], row["value"])
    reader.count(match["of"], row["denominator"])
    reader.number(match["share"], shares.get(named, float("nan")), "the share", scale=100)
    reader.expect(shares.get(named) == max(shares.values()), f"{named} misses not most")


@pattern(rf"None of (?P<n>{N}) variables? lacks a value in a patient whom it concerns\.")
def nothing_lacks(reader: Reader, match: re.Match[str]) -> None:
    rows = reader.world.where(analysis="missing_values", statistic="count", population="infused")
    reader.expect(all(x["value"] == 0 for x in rows), "a variable does")


@pattern(
    rf"(?:For no variable does the interval of the difference between groups exclude zero"
    rf"|The interval of the difference between groups excludes zero for (?P<n>{N}) of "
    rf"(?P<all>{N}): "
    r"(?P<which>.+?))\."
)
def missing_unbalanced(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "missing_values", "population": "infused", "level": "missing"}
    rows = reader.world.where(**key)
    beyond = {
        x["variable"]
        for x in rows
        if (x["statistic"] == "difference_ci_low" and x["value"] > 0)
        or (x["statistic"] == "difference_ci_high" and x["value"] < 0)
    }
    if not match["n"]:
        reader.expect(not beyond, f"it does for {beyond}")
        return
    lacking = {x["variable"] for x in rows if x["statistic"] == "count" and x["value"] > 0}
    reader.count(match["n"], len(beyond))
    reader.count(match["all"], len(lacking))
    named = labels_in(reader, match["which"], lacking)
    reader.expect(set(named) == beyond, f"it does for {beyond}, not for {named}")


def labels_in(reader: Reader, text: str, among: Container[str] = ()) -> list[str]:
    """The variables of a list of labels, of which each may hold commas and `and`."""
    labels, found = sorted(reader.world.labels, key=len, reverse=True), []
    while text:
        label = next((x for x in labels if text.casefold().startswith(x)), "")
        reader.expect(bool(label), f"no label: {text!r}")
        if not label:
            return found
        found.append(reader.world.variable(label, among))
        text = text[len(label) :]
        for part in (", ", " and ", "; "):
            text = text.removeprefix(part)
    return found


@pattern(
    rf"Every covariate is recorded in (?P<k>{N}) of (?P<n>{N}) patients? for the primary adjusted "
    rf"model(?: and (?P<l>{N}) of (?P<m>{N}) patients? for (?:the )?[^.]+?)?\."
)
def complete_cases(reader: Reader, match: re.Match[str]) -> None:
    pairs = (("k", "n", "baseline"), ("l", "m", "as_published"))
    for used, considered, name in pairs:
        rows = reader.world.where(analysis=f"complete_cases_{name}", statistic="count")
        reader.expect(bool(rows) == bool(match[used]), f"{name} is there: {rows}")
        if match[used] and rows:
            reader.count(match[used], rows[0]["value"])
            reader.count(match[considered], rows[0]["denominator"])


@pattern(
    rf"The most frequent gap is (?P<labels>.+?) (?P<how>alone|together), in (?P<k>{N}) "
    rf"patients? \((?P<share>{N})%\)\."
)
def patterns_of_gaps(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "missing_patterns", "population": "infused"}
    lacks: dict[str, set[str]] = {}
    for row in reader.world.where(**key, statistic="lacks"):
        if row["value"]:
            lacks.setdefault(row["level"], set()).add(row["variable"])
    named = labels_in(reader, match["labels"], set().union(*lacks.values()))
    reader.expect((len(named) == 1) == (match["how"] == "alone"), f"{named} {match['how']}")
    level = next((k for k, v in lacks.items() if v == set(named)), "")
    reader.expect(bool(level), f"no pattern is {named}")
    counts = [
        x["value"]
        for x in reader.world.where(**key, statistic="count", variable="")
        if x["level"] in lacks
    ]
    count = reader.value(**key, level=level, statistic="count")
    reader.count(match["k"], count)
    reader.expect(not counts or count == max(counts), f"it is not the most frequent of {counts}")
    share = reader.value(**key, level=level, statistic="proportion")
    reader.number(match["share"], share, "its share", scale=100)


@pattern(
    rf"Among the infused the median time from apheresis to infusion was (?P<parts>{N} days? in {G}"
    rf"(?:(?:, | and ){N} days? in {G})*); a longer wait leaves more time to be lost in it\."
)
def waits(reader: Reader, match: re.Match[str]) -> None:
    variable = variable_of(reader, "survival_by_exposure") or reader.world.exposure
    for item in reader.items(match["parts"], rf"({N}) days? in ({G})"):
        group = reader.group(item[2], variable)
        where = f"infused[{variable}={group.level}]"
        key = {"analysis": "estimand", "population": where, "variable": "apheresis_to_infusion"}
        median = reader.value(**key, statistic="median")
        reader.expect(not isnan(median), "it has no median")
        reader.number(item[1], median, f"the wait in {group.phrase}", digits=1)


@pattern(
    r"(?:- A P value says how often chance alone would make a difference as large; a standardised "
    r"difference says how large it is\. )?Neither speaks of what was not recorded\."
)
def neither_speaks(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(reader.world.parameters.design == "observational", "nothing is tested")
    held = {x["statistic"] for x in reader.world.where("baseline_by_exposure")}
    reader.expect({"p_value", "standardized_difference"} <= held, f"there are {held}")
