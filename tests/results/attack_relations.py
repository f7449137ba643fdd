"""What everyone knows of the counts of a release, whoever the patients are.

Groups add up to all, levels to those with a value, what is part of another is no larger. Only names
are read, never a patient.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from attack_names import PARTS, SIZE, Name

from analysis_lib.study.study import Study

INFINITE = float("inf")
ALL = ("", "")
LEAST = 11


@dataclass(frozen=True)
class Relation:
    """A weighted sum of counts that lies between two numbers."""

    weights: dict[Name, float] = field(hash=False)
    low: float = 0.0
    high: float = 0.0

    def holds(self, truth: dict[Name, float]) -> bool:
        """Whether it is true, as far as all of its counts are known."""
        if not self.weights.keys() <= truth.keys():
            return True
        value = sum(weight * truth[name] for name, weight in self.weights.items())
        return self.low - 1e-9 <= value <= self.high + 1e-9


def equal(whole: Name, parts: Iterable[Name]) -> Relation:
    return Relation({whole: 1.0, **dict.fromkeys(parts, -1.0)})


def within(part: Name, whole: Name) -> Relation:
    return Relation({whole: 1.0, part: -1.0}, 0.0, INFINITE)


def relations(study: Study, names: set[Name]) -> Iterator[Relation]:
    """Of the counts of a release, and of those that they imply."""
    known = set(names)
    for rule in (_groups, _parts_of_the_exposed, _levels, _parts, _over_time, _models):
        found = list(rule(study, known))
        for one in found:
            known |= one.weights.keys()
        yield from found


def _groups(study: Study, names: set[Name]) -> Iterator[Relation]:
    variable, levels = study.groups.variable, study.groups.levels
    for base, what in {(x.base, x.what) for x in names if x.group == ALL or x.group[0] == variable}:
        parts = [Name(base, (variable, level), what) for level in levels]
        if any(x in names for x in parts):
            yield equal(Name(base, ALL, what), parts)


def _parts_of_the_exposed(study: Study, names: set[Name]) -> Iterator[Relation]:
    exposure, main = study.exposure, study.groups.variable
    exposed = (main, exposure.exposed)
    for grouping in (x for x in (exposure.response, exposure.timing) if x is not None):
        among, variable = f"among {grouping.variable}", grouping.variable
        every = [x for x in study.dictionary[variable].levels if x != "not_applicable"]
        for what in {x.what for x in names if x.base == "infused" or x.base == among}:
            columns = [Name("infused", (variable, x), what) for x in grouping.levels]
            rest = [Name("infused", (variable, x), what) for x in every]
            rest.append(Name("infused", (variable, "in none"), what))
            if any(x in names for x in columns):
                yield equal(Name(among, ALL, what), columns)
                yield equal(Name("infused", exposed, what), rest)
    if exposure.combined is not None and exposure.response is not None:
        for name in [x for x in names if x.group[0] == exposure.combined.variable]:
            level = name.group[1]
            same = exposure.response.variable if level in exposure.response.levels else main
            yield equal(name, [name._replace(group=(same, level))])


def _levels(study: Study, names: set[Name]) -> Iterator[Relation]:
    """Those at a level, with a value, without one."""
    asked: dict[tuple[str, tuple[str, str], str], set[Name]] = defaultdict(set)
    for name in names:
        kind, variable = name.what[0], name.what[1] if len(name.what) == 3 else ""
        if kind in ("at", "known", "lacks") and variable in study.dictionary:
            asked[name.base, name.group, str(variable)].add(name)
    for (base, group, variable), found in asked.items():
        size = Name(base, group, SIZE)
        has, lacks = (size._replace(what=(x, variable, "")) for x in ("known", "lacks"))
        at = [x for x in found if x.what[0] == "at"]
        yield equal(size, [has, lacks])
        yield equal(has, at)  # where every level is counted
        yield Relation({has: 1.0, **dict.fromkeys(at, -1.0)}, 0.0, INFINITE)
    yield from _derived(study, asked)


def _derived(
    study: Study, asked: dict[tuple[str, tuple[str, str], str], set[Name]]
) -> Iterator[Relation]:
    """Levels of a variable that is made of another one, such as collapsed ones."""
    for (base, group, variable), found in asked.items():
        for other in study.dictionary.family(variable):
            finer = asked.get((base, group, other), set())
            if other == variable or not finer or other not in study.patients:
                continue
            values = study.patients[[variable, other]].astype("object").dropna()
            if (values.groupby(other)[variable].nunique() > 1).any():
                continue
            holds = values.drop_duplicates(other).set_index(other)[variable]
            for name in (x for x in found if x.what[0] == "at"):
                parts = [x for x in finer if holds.get(x.what[2]) == name.what[2]]
                if parts:
                    yield equal(name, parts)


def _parts(study: Study, names: set[Name]) -> Iterator[Relation]:
    """Toxicity with its grades, response with what followed it."""
    for base, group in {(x.base, x.group) for x in names}:
        size = Name(base, group, SIZE)

        def of(*what: object, size: Name = size) -> Name:
            return size._replace(what=what)

        for outcome in ("crs", "icans"):
            yes, grades = of("at", outcome, "yes"), f"{outcome}_grade_group"
            at = [of("at", grades, x) for x in ("grade_1_2", "grade_3_4", "grade_5")]
            if yes in names:
                yield Relation({yes: 1.0, **dict.fromkeys(at, -1.0)}, 0.0, INFINITE)
                onset = Name(f"{outcome}_affected", group, ("known", f"{outcome}_onset_days", ""))
                yield within(onset, yes)
                if group != ALL:  # curves step when as many have had the event as the bound says
                    yield Relation({yes: 1.0, of("steps", outcome, ""): -1.0}, 0.0, LEAST - 1.0)
        if base == "infused" and of("known", "response", "") in names:
            evaluable, lost = of("known", "response", ""), of("at", "response_not_evaluable", "any")
            yield equal(size, [evaluable, lost])
            yield equal(of("at", "cr_cri", "yes"), [of("at", "response", x) for x in ("cr", "cri")])
            yield equal(evaluable, [of("at", "response", x) for x in ("cr", "cri", "no_response")])
            of_reason = ("at", "response_not_evaluable")
            mine = [x for x in names if x[:2] == size[:2] and x.what[:2] == of_reason]
            reasons = [x for x in mine if x.what[2] != "any"]
            yield equal(lost, reasons)
        if base in PARTS:
            yield equal(size, [Name("infused", group, PARTS[base])])
    for group in {(study.groups.variable, x) for x in study.groups.levels}:
        complete = Name("complete cases", group, SIZE)  # what the balance is described in
        yield equal(Name("infused", group, SIZE), [complete, complete._replace(base="left out")])
        for name in [x for x in names if x[:2] == ("complete cases", group)]:
            yield within(name, name._replace(base="infused"))
            yield within(name, complete)
    tested = {x.group for x in names if x.base == "mrd_tested_responders"}
    for group in tested:
        negative = ("at", "mrd_negative", "yes")
        parts = [Name(x, group, negative) for x in ("mrd_tested_responders", "responders",
                                                    "response_evaluable")]  # fmt: skip
        yield equal(parts[0], [parts[1]])
        yield equal(parts[1], [parts[2]])
        yield within(
            Name(*parts[0][:2], ("known", "mrd_negative", "")), Name("responders", group, SIZE)
        )
        methods = [x for x in names if x.base == "mrd_tested_responders" and x.group == group
                   and x.what[:2] == ("at", "mrd_method")]  # fmt: skip
        yield Relation({Name(*parts[0][:2], ("known", "mrd_negative", "")): 1.0,
                        **dict.fromkeys(methods, -1.0)}, 0.0, INFINITE)  # fmt: skip


def _over_time(study: Study, names: set[Name]) -> Iterator[Relation]:
    """Patients at risk fall, events rise, and both lie within the group."""
    for base, group in {(x.base, x.group) for x in names if x.what[0] in ("events", "at_risk")}:
        size = Name(base, group, SIZE)
        for outcome in study.parameters.endpoints:
            mine = [x for x in names if x[:2] == (base, group) and x.what[1:2] == (outcome,)]
            risk = sorted((x for x in mine if x.what[0] == "at_risk"), key=_time)
            by = sorted((x for x in mine if x.what[0] == "events_to_date"), key=_time)
            events = size._replace(what=("events", outcome, None))
            for later, earlier in pairwise([*risk[::-1], size]):
                yield within(later, earlier)
            for earlier, later in pairwise([*by, events, size]):
                yield within(earlier, later)
            for one in risk:
                yield equal(one, [size]) if not _time(one) else within(one, size)
                rest = size._replace(what=("censored", outcome, _time(one)))
                done = size._replace(what=("events_to_date", outcome, _time(one)))
                yield equal(size, [one, done, rest])
        both = [size._replace(what=("events", x, None)) for x in ("pfs", "os")]
        yield within(both[1], both[0])


def _time(name: Name) -> float:
    return float(str(name.what[2]))


def _models(study: Study, names: set[Name]) -> Iterator[Relation]:
    """Patients and events of a model, at the levels of each of its variables."""
    models = [x for x in names if len(x.what) == 7]
    levels: dict[tuple[object, ...], list[Name]] = defaultdict(list)
    for name in models:
        base, outcome, time, variable, level, _, statistic = name.what
        if statistic in ("n_at_level", "events_at_level"):
            levels[name.base, name.group, base, outcome, time, variable, statistic].append(name)
            counted = name._replace(what=(*name.what[:6], "n_at_level"))
            if statistic == "events_at_level":
                yield within(name, counted)
            elif base == "infused":
                yield within(name, Name("infused", name.group, ("at", variable, level)))
                if variable == study.groups.variable:
                    yield within(name, Name("infused", (str(variable), str(level)), SIZE))
        if statistic in ("n", "excluded", "n_at_level") and outcome == "os":
            other = name._replace(what=(base, "pfs", *name.what[2:]))
            if other in names:
                yield equal(name, [other])
    for (analysis, group, base, outcome, time, _, statistic), found in levels.items():
        total = "n" if statistic == "n_at_level" else "events"
        yield equal(Name(str(analysis), group, (base, outcome, time, "", "", "", total)), found)  # type: ignore[arg-type]
    for name in [x for x in models if x.what[6] == "excluded"]:
        base = str(name.what[0])
        left = name._replace(what=(*name.what[:6], "n"))
        everyone = Name("infused", name.group, PARTS.get(base, SIZE))
        yield equal(everyone, [left, name])
