"""What is asked, in one table, and what each covariate can be to the exposure in another."""

from __future__ import annotations

from math import isnan

from analysis_lib.dictionary import INFUSED, Dictionary, Variable, lower_first
from analysis_lib.format import format_count, format_count_percent, format_interval, format_number
from analysis_lib.labels import level_label, listed
from analysis_lib.results.rows import Key, population
from analysis_lib.show.cells import population_phrase, sentence
from analysis_lib.show.notes import finish
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.study.eligibility import day
from analysis_lib.study.known import known_by_zero
from analysis_lib.topics.estimands.numbers import (
    ANALYSIS,
    INTERCURRENT,
    WAITING,
    CovariateRole,
    Estimands,
)

POLICY = "Treatment policy: follow-up goes on"
COMPOSITE = "Composite: death is an event of every endpoint"
EXCLUDED = "Selected away: only responders are analysed"
AS_BASELINE = "Adjusted for as if it had been known at {}"
NOT_STATED = "not stated"
YES, NO = "yes", "no"


def table_estimands(estimands: Estimands) -> ReportTable:
    """Question, population, time zero, exposure, endpoint, intercurrent events and measure.

    One column for the primary analysis and one for the fixed-term model, where it can be fitted.
    """
    lines = [*_attribute_lines(estimands), *_intercurrent_lines(estimands)]
    columns = (
        Column("Attribute", 1.6),
        Column(_heading(estimands), 3.0, align="left"),
        Column(f"{estimands.fixed.label}, model A", 3.0, align="left"),
    )
    notes = (_after_note(estimands), _waiting_note(estimands), _followup_note(estimands))
    return finish(Layout("estimands", columns, tuple(lines), notes), estimands.results)


def _heading(estimands: Estimands) -> str:
    declared = estimands.primary is not None and estimands.primary.is_adjusted
    return "Primary analysis" if declared else "Adjusted analysis"


def table_covariate_roles(estimands: Estimands) -> ReportTable:
    """Every covariate by the time at which it is known, and the models that hold it."""
    columns = (
        Column("Covariate", 2.4),
        Column("Known", 1.7, align="left"),
        Column("To the exposure", 2.6, align="left"),
        Column("Primary\nmodel", 0.9, align="center"),
        Column("Model A", 0.9, align="center"),
    )
    lines = tuple(_role_line(x, _dictionary(estimands)) for x in estimands.covariates)
    known = _dictionary(estimands).own_words(estimands.exposure_stage) or NOT_STATED
    notes = (
        sentence(f"the exposure is known: {known}"),
        _confounder_note(estimands),
    )
    return finish(Layout("covariate-roles", columns, lines, notes), estimands.results)


def _dictionary(estimands: Estimands) -> Dictionary:
    return estimands.results.dictionary


def _known(one: CovariateRole, dictionary: Dictionary) -> str:
    """When a covariate is known, and by which date where one decided it."""
    stage = dictionary.own_words(one.stage) or NOT_STATED
    return f"{stage}, by {dictionary[one.known_by].phrase}" if one.known_by else stage


def _confounder_note(estimands: Estimands) -> str:
    after = f"after {_dictionary(estimands).infusion}"
    if estimands.randomised:
        return (
            "The groups were assigned at random: what was known before can differ between them by "
            f"chance only. Mediator: known {after}, so that it may be a consequence."
        )
    return (
        f"Confounder: known before the exposure began. Mediator: known {after}, so that it "
        "may be a consequence. Where the two were known in the same span, or the exposure may lie "
        "on either side, the table says so; the data cannot decide it."
    )


def _attribute_lines(estimands: Estimands) -> list[Line]:
    endpoints = listed(lower_first(x.label) for x in estimands.endpoints)
    exposure, base = estimands.exposure, estimands.published_population
    sizes = "; ".join(
        f"{label}, {_size(estimands, population('infused', exposure, level))}"
        for level, label in zip(exposure.levels, exposure.labels, strict=True)
    )
    selected = ", in patients selected by what happens after it" if base == "responders" else ""
    zero = estimands.time_zero.capitalize()
    infusion = _dictionary(estimands).infusion
    published = population_phrase(base, _dictionary(estimands))
    everyone = _dictionary(estimands).own_words("All infused and eligible")
    cells = {
        "Question": (
            f"Among patients alike before {infusion}: do the hazards of {endpoints} differ?",
            _published_question(estimands),
        ),
        "Population": (
            f"{everyone}, {_size(estimands, 'infused')}",
            f"{sentence(published)[:-1]}, {_size(estimands, base)}",
        ),
        "Time zero": (zero, f"{zero}{selected}"),
        "Exposure": (f"{exposure.label}: {sizes}", "The same"),
        "Endpoint": (sentence(endpoints)[:-1], estimands.fixed_endpoint.label),
        "Measure": (
            f"Hazard ratio given covariates {_stated(estimands)}, Cox model",
            "Hazard ratio given its own terms, Cox model",
        ),
        "Declared primary": (_primary(estimands), "No: exploratory"),
        "Analysis plan": (_plan(estimands), "The same"),
    }
    return [Line(name, pair, group="Estimand") for name, pair in cells.items()]


def _stated(estimands: Estimands) -> str:
    """What is said of when the terms of the primary model are known."""
    terms = [x for x in estimands.covariates if x.in_primary]
    unstated = [lower_first(x.variable.label) for x in terms if not x.stage]
    known = known_by_zero((x.variable for x in terms), _dictionary(estimands).infusion)
    if not unstated:
        return known
    others = f"; the others are {known}"
    rest = others if len(unstated) < len(terms) else ""
    return f"(when these are known is not stated: {'; '.join(unstated)}{rest})"


def _primary(estimands: Estimands) -> str:
    primary = estimands.primary
    if primary is None:
        return "None: every comparison is exploratory"
    label = lower_first(_dictionary(estimands)[primary.outcome].label)
    return f"The {primary.kind} hazard ratio of {label}; all else is exploratory"


def _plan(estimands: Estimands) -> str:
    plan = estimands.plan
    return f"{plan.where}, {day(plan.date)}" if plan else "None is stated"


def _published_question(estimands: Estimands) -> str:
    dictionary = _dictionary(estimands)
    after = [x for x in estimands.covariates if x.as_published and x.stage == INFUSED]
    conditioned = listed(lower_first(x.variable.label) for x in after)
    alike = f" and in {conditioned}" if conditioned else ""
    return (
        f"Among {population_phrase(estimands.published_population, dictionary)} who are alike "
        f"before {dictionary.infusion}{alike}: does the hazard of "
        f"{estimands.fixed_endpoint.phrase} differ?"
    )


def _intercurrent_lines(estimands: Estimands) -> list[Line]:
    """Each event between infusion and endpoint that anyone had, with its strategy in both."""
    lines = []
    for variable in estimands.intercurrent:
        for level in _events(variable):
            key = Key(ANALYSIS, "", "infused", variable.name, level)
            count = estimands.results.value(key, "count")
            if not count:
                continue
            share = estimands.results.value(key, "proportion")
            named = _named(variable, level, _dictionary(estimands).infusion)
            label = f"{named}, {format_count_percent(count, share)}"
            cells = _strategies(estimands, variable, level)
            lines.append(Line(label, cells, group="Intercurrent events"))
    return lines


def _events(variable: Variable) -> tuple[str, ...]:
    """The levels that are events: any consolidation, any reason, and no response."""
    if variable.name == INTERCURRENT[2]:
        return ("no",)
    return tuple(x for x in variable.levels if x != variable.reference)


def _named(variable: Variable, level: str, infusion: str) -> str:
    if variable.name == INTERCURRENT[2]:
        return f"No {variable.label}"
    label = level_label(variable, level)
    if variable.name == INTERCURRENT[0]:
        other = label.lower().startswith("other")
        return f"{label} {lower_first(variable.label)}" if other else f"{label} after {infusion}"
    return label


def _strategies(estimands: Estimands, variable: Variable, level: str) -> tuple[str, str]:
    selected = estimands.published_population == "responders"
    if variable.name == INTERCURRENT[0]:
        terms = [x.variable.name for x in estimands.covariates if x.as_published]
        as_baseline = AS_BASELINE.format(_dictionary(estimands).infusion)
        return POLICY, as_baseline if variable.name in terms else POLICY
    own = COMPOSITE if level.startswith("died") else POLICY
    return own, EXCLUDED if selected else own


def _size(estimands: Estimands, where: str) -> str:
    n = estimands.results.value(Key(ANALYSIS, population=where, statistic="n"))
    return f"n\u00a0=\u00a0{format_count(n)}"


def _after_note(estimands: Estimands) -> str:
    """Groups that form after time zero hold only those who lived to be in them."""
    if estimands.exposure_stage != INFUSED:
        return ""
    return (
        f"{estimands.exposure.label} is known only after time zero: whoever is in a group lived "
        "to be in it, and no covariate takes that time away."
    )


def _waiting_note(estimands: Estimands) -> str:
    """How long the infused waited, which is when those who were not infused were lost."""
    if not estimands.has_waiting:
        return ""
    parts = []
    for level, label in zip(estimands.exposure.levels, estimands.exposure.labels, strict=True):
        key = Key(ANALYSIS, "", population("infused", estimands.exposure, level), WAITING)
        names = ("median", "quartile_1", "quartile_3")
        median, low, high = (estimands.results.value(key, x) for x in names)
        if not isnan(median):
            interval = format_interval(low, high, format_number)
            parts.append(f"{label} {format_number(median)} ({interval})")
    zero = _dictionary(estimands).infusion
    return sentence(f"days from apheresis to {zero}, median (quartiles): {'; '.join(parts)}")


def _followup_note(estimands: Estimands) -> str:
    key = Key(ANALYSIS, variable="minimum_followup", statistic="excluded")
    if not estimands.minimum_followup_days or not estimands.results.has(key):
        return ""
    excluded = format_count(estimands.results.value(key))
    return (
        f"Minimum follow-up of {estimands.minimum_followup_days} days or death: leaves out "
        f"{excluded} of the extract's living patients, and nobody who died."
    )


def _role_line(one: CovariateRole, dictionary: Dictionary) -> Line:
    role = f"{one.role}; proxy: {one.stands_for}" if one.stands_for else one.role
    cells = (
        _known(one, dictionary),
        role,
        YES if one.in_primary else NO,
        YES if one.as_published else NO,
    )
    return Line(one.variable.label, cells)
