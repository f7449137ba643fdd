"""The abstract: its methods, results and conclusion."""

from __future__ import annotations

import re
from math import isnan, nan

from reading.common import COUNTS, OPEN, counts, openness
from reading.early import pair
from reading.numbers import CI, N, P
from reading.reader import G, Reader, pattern

_R = rf"{N} \({CI}\) for {G}"


_RS = rf"{_R}(?:(?:, | and ){_R})*"


@pattern(r"Background\. .+ is not known from crude comparisons\.", chapter="summary")
def background(reader: Reader, match: re.Match[str]) -> None:
    """The question; no number and no result is in it."""
    reader.expect(not re.search(r"higher|lower|worse|better|P [=<>]", match[0]), "a result")


@pattern(
    r"Methods\. (?P<kind>A synthetic cohort|A cohort) of patients infused between "
    r"(?P<first>.+?) and "
    r"(?P<last>.+?) \((?:data lock (?P<lock>.+?)|known until .+?, their last date)\) is compared "
    r"by .+? (?P<parts>[^;.]+? compared as "
    r"proportions; )?(?P<outcomes>[^;.]+?)(?: (?:is|are) compared)? by Kaplan-Meier estimates and "
    r"log-rank tests\. The adjusted Cox models? .+? stands beside (?:them|it)\."
    r"(?: .+? beside .+?\.)?",
    chapter="summary",
)
def methods(reader: Reader, match: re.Match[str]) -> None:
    given = reader.world.parameters
    reader.expect(reader.world.synthetic == ("synthetic" in match["kind"]), "synthetic or not?")
    reader.expect(bool(match["lock"]) == bool(given.data_lock), f"locked on {given.data_lock!r}")
    for name, day in (
        ("first", given.infusion_start),
        ("last", given.infusion_end),
        ("lock", given.data_lock),
    ):
        if not day:
            continue
        year, _, date = day.split("-")
        reader.expect(match[name].endswith(year), f"{name} is {day}")
        reader.expect(match[name].startswith(str(int(date)) + " "), f"{name} is {day}")
    named = [reader.world.variable(x.lower()) for x in re.split(", | and ", match["outcomes"])]
    reader.expect(named == list(given.endpoints), f"the endpoints are {given.endpoints}")


@pattern(
    r"(?:The primary estimand is the (?P<kind>adjusted|unadjusted) hazard ratio of (?P<what>.+?); "
    r"all else|No primary estimand was declared, so that every comparison) is "
    r"exploratory\."
)
def declared(reader: Reader, match: re.Match[str]) -> None:
    kind = {"adjusted": "adjusted", "unadjusted": "crude"}.get(match["kind"] or "", "")
    said = f"{reader.outcome(match['what'])}_{kind}" if kind else ""
    reader.expect(said == reader.world.parameters.primary_estimand, f"declared: {said}")


@pattern(
    r"The comparison is not randomised, and a difference .+? came to be in them\.",
    chapter="summary",
)
def assigned(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(reader.world.parameters.design == "observational", "assigned at random")


@pattern(
    rf"Results\. (?P<n>{N}) patients? (?:was|were) eligible: (?P<sizes>.+?)\.", chapter="summary"
)
def eligible(reader: Reader, match: re.Match[str]) -> None:
    groups = reader.world.of(reader.world.exposure)
    total, text = 0.0, match["sizes"]
    for group in groups:
        key = {"analysis": "flow", "population": "infused", "variable": group.variable}
        count = reader.value(**key, level=group.level, statistic="count")
        at = re.search(
            rf"(?:^|, | and )({N}) (?:in ⟦{re.escape(group.phrase)}⟧|{re.escape(group.label)})"
            r"(?=$|, | and )",
            text,
            re.IGNORECASE,
        )
        reader.expect(at is not None, f"{group.label} is not named")
        reader.count(at[1] if at else "0", count, group.label)
        total += count
    reader.count(match["n"], total, "the eligible")


@pattern(
    rf"Of the evaluable, (?P<counts>{COUNTS}) reached CR or CRi \((?P<p>{P})\)\.",
    chapter="summary",
)
def response(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "response", "outcome": "cr_cri", "population": "response_evaluable"}
    counts(reader, match["counts"], **key)
    reader.p(match["p"], reader.value(**key, contrast=pair(reader), statistic="p_value"))


def _ratios(reader: Reader, text: str, **key: str) -> set[str]:
    """Checks each ratio of `0.98 (...) for the group`, and gives the levels."""
    named = set()
    for item in reader.items(text, rf"({N} \({CI}\)) for ({G})"):
        group = reader.group(item[2])
        (reference,) = [x for x in reader.world.of(group.variable) if x.is_reference]
        at = {"contrast": f"{group.level}_vs_{reference.level}"}
        if key["analysis"] != "survival_by_exposure":
            at |= {"variable": group.variable, "level": group.level}
        reader.ratio(item[1], **key, **at)
        named.add(group.level)
    return named


def _estimable(reader: Reader, **key: str) -> dict[str, tuple[float, float]]:
    """The interval of every group against the reference that has an estimate."""
    found: dict[str, tuple[float, float]] = {}
    variable = reader.world.exposure
    for row in reader.world.where(**key, statistic="hazard_ratio"):
        level = row["contrast"].partition("_vs_")[0]
        if row["variable"] in ("", variable) and level and not isnan(row["value"]):
            at = {x: row[x] for x in ("variable", "level", "contrast")}
            ends = [reader.value(**key, **at, statistic=f"hazard_ratio_ci_{x}") for x in LIMITS]
            found[level] = (ends[0], ends[1])
    return found


LIMITS = ("low", "high")


_TEST = rf"log-rank (?P<p>{P})(?:, (?P<several>{N}) groups)?"
_SIZE = rf"(?P<n>{N}) patients?, (?P<events>{N}) events?"
_MODEL = r"Adjusted for baseline covariates,|In [^.⟦]+?"
_IN_TURN = rf"{N} \({CI}(?:; [^()]+)?\) for [^.()0-9]+?"


@pattern(
    rf"(?P<model>Unadjusted,|{_MODEL}) the hazard ratio for (?P<a>{G})(?: against (?P<b>{G}))? was "
    rf"(?P<each>{_IN_TURN}(?:(?:, | and ){_IN_TURN})*)\.",
    chapter="summary",
)
def in_turn(reader: Reader, match: re.Match[str]) -> None:
    """Of two groups: every endpoint's ratio, each with its test or its size."""
    item = rf"(?P<r>{N} \({CI})(?:; (?:{_TEST}|{_SIZE}))?\) for (?P<label>[^.()0-9]+?)"
    ends = rf"(?=, {N} \(| and {N} \(|$)"
    crude = match["model"] == "Unadjusted,"
    reader.expect(bool(match["b"]) == crude, "against whom?")
    outcomes = []
    for one in reader.items(match["each"], item + ends):
        outcomes.append(reader.outcome(one["label"]))
        ratios = f"{one['r']}) for {match['a']}"
        if crude:
            _crude(reader, outcomes[-1], ratios, match["b"])
            _test(reader, outcomes[-1], one)
        else:
            _of_model(reader, match["model"], outcomes[-1], ratios, one)
    given = [x for x in reader.world.parameters.endpoints if x in outcomes]
    reader.expect(outcomes == given, f"{outcomes} in this order")


@pattern(
    rf"Unadjusted, the hazard ratio for (?P<label>[^0-9⟦]+?) (?:was (?P<ratios>{_RS}) against "
    rf"(?P<b>{G})|is not estimable) \({_TEST}\)\.",
    chapter="summary",
)
def unadjusted(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.outcome(match["label"])
    _crude(reader, outcome, match["ratios"], match["b"])
    _test(reader, outcome, match)


def _crude(reader: Reader, outcome: str, ratios: str | None, reference: str | None) -> None:
    key = {"analysis": "survival_by_exposure", "outcome": outcome, "population": "infused"}
    _all_estimable(reader, ratios, **key)
    if reference:
        reader.expect(reader.group(reference).is_reference, f"{reference} is no reference")


def _test(reader: Reader, outcome: str, match: re.Match[str]) -> None:
    """The log-rank test of all groups."""
    key = {"analysis": "survival_by_exposure", "outcome": outcome, "population": "infused"}
    (row,) = reader.world.where(**key, statistic="p_value") or [{"value": nan}]
    reader.p(match["p"] or "", row["value"])
    groups = len(reader.world.of(reader.world.exposure))
    reader.expect(bool(match["several"]) == (groups > 2), f"the test is of {groups} groups")
    if match["several"]:
        reader.count(match["several"], groups, "the groups")


def _all_estimable(reader: Reader, ratios: str | None, **key: str) -> None:
    """The ratios said are those of every group that has one."""
    named = _ratios(reader, ratios, **key) if ratios else set()
    known = _estimable(reader, **key)
    reader.expect(named == set(known), f"estimable: {known}")


@pattern(
    rf"(?P<model>{_MODEL}) the hazard ratio for (?P<label>[^0-9(⟦]+?) (?:was (?P<ratios>{_RS})|is "
    rf"not estimable) \({_SIZE}\)\.",
    chapter="summary",
)
def adjusted(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.outcome(match["label"])
    _of_model(reader, match["model"], outcome, match["ratios"], match)


def _of_model(
    reader: Reader, model: str, outcome: str, ratios: str | None, size: re.Match[str]
) -> None:
    baseline = model.startswith("Adjusted")
    key = {
        "analysis": "cox_ladder_baseline" if baseline else "cox_ladder_as_published",
        "outcome": outcome,
        "population": "infused" if baseline else reader.world.parameters.model_population,
    }
    for name in ("n", "events"):
        reader.count(size[name] or "", reader.value(**key, statistic=name), name)
    _all_estimable(reader, ratios, **key)


_GS = rf"{G}(?:(?:, | and ){G})*"


_EACH = OPEN.replace("the interval", "(?:the|each) interval")
_VERDICT = (
    rf"[^;:.]+? (?:could not be compared|did not differ clearly(?: \({_EACH}\))?"
    rf"|(?:was|were) (?:shorter|longer) in {_GS} than in {G}"
    rf"(?: and longer in {_GS} than in {G})?"
    rf"(?: and did not differ clearly between {_GS} and {G})?)"
)


@pattern(
    rf"(?:Conclusion\. Unadjusted, |(?P<adjusted>Adjusted for baseline covariates, ))"
    rf"(?P<verdicts>{_VERDICT}(?:; {_VERDICT})*)\.",
    chapter="summary",
)
def verdicts(reader: Reader, match: re.Match[str]) -> None:
    """A group is called shorter or longer exactly where its interval lies beyond 1."""
    analysis = "cox_ladder_baseline" if match["adjusted"] else "survival_by_exposure"
    outcomes = []
    for part in (x.strip("; ") for x in re.findall(_VERDICT, match["verdicts"])):
        label = re.match(r"(.+?) (?:could not|did not|was|were)\b", part)
        named = _endpoints(reader, label[1] if label else "")
        several = " were " in part or "(each" in part
        reader.expect(several <= (len(named) > 1), f"one or several: {part}")
        outcomes += named
        for outcome in named:
            _verdict(
                reader,
                part.replace("each interval", "the interval"),
                _estimable(reader, analysis=analysis, outcome=outcome, population="infused"),
            )
    given = list(reader.world.parameters.endpoints)
    reader.expect(outcomes == given, f"the endpoints are {given}")


def _endpoints(reader: Reader, labels: str) -> list[str]:
    """One endpoint, or those of a list."""
    if found := reader.world.variable(labels):
        return [found]
    return [reader.outcome(x) for x in re.split(", | and ", labels)]


def _verdict(reader: Reader, part: str, known: dict[str, tuple[float, float]]) -> None:
    shorter = {x for x, (low, _) in known.items() if low > 1}
    longer = {x for x, (_, high) in known.items() if high < 1}
    reader.expect(("could not be compared" in part) == (not known), f"estimable: {known}")
    clear = re.search(rf"\b(?:shorter|longer) in {_GS}", part) is not None
    reader.expect(clear == bool(shorter | longer), f"shorter {shorter}, longer {longer}")
    if said := re.search(rf"did not differ clearly between ({_GS}) and ({G})", part):
        named = {reader.group(x).level for x in re.findall(G, said[1])}
        reader.expect(named == set(known) - shorter - longer, f"{named} are not all the unclear")
        reader.expect(reader.group(said[2]).is_reference, "another reference")
    elif clear:
        reader.expect(set(known) == shorter | longer, "who did not differ clearly is left out")
    for word, levels in (("shorter", shorter), ("longer", longer)):
        said = re.search(rf"\b{word} in ({_GS}) than in ({G})", part)
        named = {reader.group(x).level for x in re.findall(G, said[1])} if said else set()
        reader.expect(named == levels, f"{word} are {levels}, not {named}")
        reader.expect(not said or reader.group(said[2]).is_reference, "another reference")
    if left := re.search(OPEN, part):
        reader.expect(len(known) == 1, "of which group?")
        openness(reader, left[0], *next(iter(known.values()), (nan, nan)))


_ENDS = rf"(?:{N}(?:–| to ){N}|not estimable)"
_ASIDE = r"(?P<aside>, by itself unclear|, which by itself excludes 0)?"
_FURTHER = (
    rf", (?:and so was|nor did) (?P<label>[^.;(⟦]+?) \((?P<ratio>{N}), (?P<ci>{_ENDS})"
    rf"(?:; (?P<difference>{N}), (?P<within>{_ENDS}){_ASIDE})?\)"
)
_LENGTH = (
    rf"(?P<lead>Unadjusted\. |Among patients alike at baseline\. |)(?P<label>[^.;(⟦]+?) (?:"
    rf"was (?P<way>shorter|longer) in (?P<a>{G}) than in (?P<b>{G})"
    rf"|did not differ clearly between (?P<c>{G}) and (?P<d>{G}))"
    rf" \((?P<adjusted>adjusted )?hazard ratio (?P<ratio>{N}), (?P<ci>{CI})"
    rf"(?:; (?P<weighted>standardised, )?at (?P<time>{N}) months a difference of "
    rf"(?P<difference>{N}) percentage points, (?P<within>{CI}){_ASIDE})?\)"
    rf"(?P<further>(?:{re.sub(r'[?]P<[a-z]+>', '?:', _FURTHER)})*)\."
)


@pattern(_LENGTH, chapter="summary")
def length(reader: Reader, match: re.Match[str]) -> None:
    """Shorter or longer only where the interval of the ratio lies beyond 1, on either side."""
    lead = reader.memory["lead"] = match["lead"] or reader.memory["lead"]
    alike = lead.startswith("Among")
    reader.expect(alike == bool(match["adjusted"]), "adjusted or not?")
    subject = reader.group(match["a"] or match["c"])
    reader.expect(reader.group(match["b"] or match["d"]).is_reference, "another reference")
    (reference,) = [x for x in reader.world.of(subject.variable) if x.is_reference]
    at = {
        "population": "infused",
        "variable": subject.variable,
        "level": subject.level,
        "contrast": f"{subject.level}_vs_{reference.level}",
    }
    if match["time"]:
        reader.expect(alike == bool(match["weighted"]), "standardised or not?")
        months = max(reader.world.parameters.landmarks)
        reader.number(match["time"], months, "the last landmark")
    level = match["ci"].partition("CI ")[0] + "CI "
    told = [match, *re.finditer(_FURTHER, match["further"])]
    for one in told:
        _told(reader, one, match["way"], level, alike, at)
    text = match["further"]
    reader.expect("nor did" not in text or match["way"] is None, "nor did, after a clear one")
    reader.expect("so was" not in text or match["way"] is not None, "so was, after an unclear one")


def _told(
    reader: Reader,
    told: re.Match[str],
    way: str | None,
    level: str,
    alike: bool,
    at: dict[str, str],
) -> None:
    """The ratio and the difference of one endpoint, and the way that all of a sentence share."""
    key = {**at, "outcome": reader.outcome(told["label"])}
    analysis = "cox_ladder_baseline" if alike else "cox_ladder_crude"
    value, low, high = reader.estimate("hazard_ratio", analysis=analysis, **key)
    reader.number(told["ratio"], value, "the ratio")
    reader.interval(level + told["ci"].rpartition("CI ")[2], low, high)
    found = "shorter" if low > 1 else "longer" if high < 1 else None
    reader.expect(way == found, f"the interval says {found}")
    if told["difference"]:
        key["analysis"] = "standardised_outcome" if alike else "difference_crude"
        months = float(max(reader.world.parameters.landmarks))
        size, low, high = reader.estimate("survival_difference", **key, time_months=months)
        reader.number(told["difference"], size, "the difference", scale=100)
        within = told["within"] if "CI" in told["within"] else level + told["within"]
        reader.interval(within, low, high, scale=100)
        _aside(reader, told["aside"], way, (low, high))


def _aside(reader: Reader, text: str | None, way: str | None, ends: tuple[float, float]) -> None:
    """Where the difference at one time says other than the ratio of all the time, it is said."""
    low, high = ends
    clear = low > 0 or high < 0
    unclear = low <= 0 <= high
    said = (", by itself unclear" if way and unclear else None) or (
        ", which by itself excludes 0" if not way and clear else None
    )
    reader.expect(text == said, f"{text!r} of {low} to {high}")


@pattern(
    rf"(?:Unadjusted\. |Among patients alike at baseline\. )?(?P<label>[^.;(⟦]+?) could not be "
    rf"compared between (?P<a>{G}) and {G}(?:, nor could [^.;(⟦]+?)*\.",
    chapter="summary",
)
def not_compared(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(bool(reader.outcome(match["label"])), "no endpoint")
    level = reader.group(match["a"]).level
    known = [
        _estimable(reader, analysis=x, outcome=reader.outcome(match["label"]), population="infused")
        for x in ("cox_ladder_crude", "cox_ladder_baseline")
    ]
    reader.expect(any(level not in x for x in known), "both ratios are estimable")


@pattern(r"What stands in the way\.", chapter="summary")
def in_the_way(reader: Reader, match: re.Match[str]) -> None:
    """What follows is read by the patterns of the gate."""


@pattern(
    r"The patients are synthetic: none of this is evidence about a treatment\.", chapter="summary"
)
def no_evidence(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(reader.world.synthetic, "they are not")


@pattern(r"The patients are synthetic and carry no clinical evidence\.", chapter="summary")
def synthetic(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(reader.world.synthetic, "they are not")
