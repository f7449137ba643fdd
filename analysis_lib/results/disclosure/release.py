"""The gate through which rows leave a study, small counts suppressed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from analysis_lib.format import is_suppressed
from analysis_lib.marks import SUPPRESSED
from analysis_lib.results.disclosure import families as sets
from analysis_lib.results.disclosure.derived import base_of, of_comparisons, of_counts, of_uncounted
from analysis_lib.results.disclosure.plan import ATTRITION, MISSING, attrition_shown, place, plan_of
from analysis_lib.results.disclosure.rules import (
    METHOD,
    RULES,
    Of,
    rule_of,
    with_decimals,
    withheld,
)
from analysis_lib.results.rows import Key, Results, Row
from analysis_lib.study.groups import Contrast
from analysis_lib.study.study import Study

SHARES = ("count", "proportion", "proportion_ci_low", "proportion_ci_high")
QUANTILES = ("median", "quartile_1", "quartile_3")
ESTIMATES = tuple(
    f"{x}{end}" for x in ("survival", "incidence") for end in ("", "_ci_low", "_ci_high")
)
COUNTS_OF_MODELS = ("n", "events", "competing_events")
COUNTS_AT_LEVEL = ("n_at_level", "events_at_level")
# Analyses that count nobody themselves, and those whose models they set beside each other.
MADE_OF = {"cox_change_at_cut": ("cox_before_cut", "cox_after_cut")}


def suppress(study: Study, rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows with small counts suppressed, and all that would give them back.

    Counts from 1 to `small_cell` - 1 are suppressed and zero is shown, as in the cell size policy
    of the US Centers for Medicare & Medicaid Services. A count is shown only where the families of
    the disclosure plan know the patients it counts; any other is suppressed whatever its size.
    Every other number is released by the rule of its statistic, and no finer than that says; one
    without a rule never is. Suppressing twice changes nothing.
    """
    given = [_restored(row) for row in rows]
    work = _Suppression(study, given)
    first = [work.of_row(row) for row in given]
    return tuple(of_counts(of_uncounted(study, of_comparisons(first))))


def _restored(row: Row) -> Row:
    """A row that was kept in a file, where a suppressed number is an empty one.

    Whoever withheld a number, its method says so.
    """
    if row.method == METHOD or is_suppressed(row.value):
        row = withheld(row)
    if row.n is not None and row.n != row.n and not is_suppressed(row.n):
        row = replace(row, n=SUPPRESSED)
    if row.denominator is not None and row.denominator != row.denominator:
        row = replace(row, denominator=SUPPRESSED)
    return row


class _Suppression:
    """What the rows of one analysis say of each other, while they are suppressed."""

    def __init__(self, study: Study, rows: list[Row]) -> None:
        self.study, self.plan = study, plan_of(study)
        self.least = study.parameters.small_cell
        self.rows = {row.key: row for row in rows}
        self.small_levels: set[Key] = set()
        self.small_models: set[tuple[str, str, str, float | None]] = set()
        for row in rows:
            key = row.key
            if key.statistic in COUNTS_AT_LEVEL and self._is_small(row.value):
                self.small_levels.add(key._replace(contrast="", statistic=""))
            if key.statistic in COUNTS_OF_MODELS and self._is_small(row.value):
                at = (key.analysis, key.outcome, base_of(key.population), key.time_months)
                self.small_models.add(at)

    def _is_small(self, value: float) -> bool:
        return 0 < value < self.least

    def of_row(self, row: Row) -> Row:
        if row.key.statistic not in RULES:
            return withheld(replace(row, n=self._size(row), denominator=_hidden(row.denominator)))
        if row.key.analysis == ATTRITION:
            return self._of_attrition(row)
        if row.key.statistic in SHARES or (row.unit == "patients" and not is_suppressed(row.value)):
            return self._of_count(row)
        shown = row if is_suppressed(row.value) or not self._hides(row) else withheld(row)
        return with_decimals(replace(shown, n=self._size(row)))

    def _of_attrition(self, row: Row) -> Row:
        key, entered = row.key, SUPPRESSED
        applied, found = self.study.attrition.steps, attrition_shown(self.study)
        at = [step.name for step in applied].index(key.variable)
        before = ("entered", "") if at == 0 else (applied[at - 1].name, "remaining")
        if found[before]:
            entered = row.n
        shown = row if found[key.variable, key.statistic] else withheld(row)
        return replace(shown, n=entered)

    def _of_count(self, row: Row) -> Row:
        """A count or the share that goes with it, by the patients that it counts."""
        if is_suppressed(row.value):  # before, with what is shown beside it
            return row
        of = row.key._replace(statistic="count") if row.key.statistic in SHARES else row.key
        value = self.rows[of].value if of in self.rows else row.value
        found = None if is_suppressed(value) else place(self.study, self.plan, of)
        if found is None:
            shown = row if value == 0 and row.denominator is None else withheld(row)
            return replace(shown, n=self._size(row), denominator=_hidden(row.denominator))
        published, counted, whole = found
        same = int(counted.sum()) == value and self._is_of_all(of)
        base = whole is not None and published(whole)
        if row.denominator is not None:
            base = base and whole is not None and int(whole.sum()) == row.denominator
            n, denominator = (row.n, row.denominator) if base else (SUPPRESSED, SUPPRESSED)
        else:
            n, denominator = self._size(row), None
        is_share = row.key.statistic in SHARES[1:]
        needs_base = is_share or of.analysis == MISSING
        may_be_shown = same and published(counted) and (base or not needs_base)
        return replace(row if may_be_shown else withheld(row), n=n, denominator=denominator)

    def _is_of_all(self, key: Key) -> bool:
        """Whether events, or patients at a level, are those of a whole population."""
        n = self.rows.get(key._replace(statistic="n"))
        if key.statistic in COUNTS_AT_LEVEL:
            n = self.rows.get(key._replace(variable="", level="", contrast="", statistic="n"))
        elif key.statistic != "events" or n is None:
            return True
        if n is None:
            return False
        found = place(self.study, self.plan, n.key)
        return found is not None and int(found[1].sum()) == n.value and found[0](found[1])

    def _hides(self, row: Row) -> bool:
        key, of = row.key, rule_of(row.key.statistic).of
        if of is Of.VALUES:
            read_off = key.statistic in QUANTILES and key.analysis in self._of_curves()
            return not read_off and (row.n is None or row.n < self.least)
        if of is Of.CURVE:
            return self._hides_estimate(row)
        if of is Of.MODEL_SIZE:
            return is_suppressed(self._size(row))
        return of is Of.FEW or (of is Of.MODEL and self._rests_on_few(key))

    def _hides_estimate(self, row: Row) -> bool:
        """Whether an estimate would tell that few had the event, or of how many they are."""
        key = row.key
        if key.statistic not in ESTIMATES:
            return False
        events = self.rows.get(key._replace(statistic="events_to_date"))
        if events is None or is_suppressed(events.value):
            nobody = row.value == 1
        else:
            nobody = self._is_small(events.value)
        return nobody or self._tells_size(row)

    def _tells_size(self, row: Row) -> bool:
        """Whether those with the outcome are shown but not of how many, or the other way round.

        Of whom nobody is lost an estimate is the share of the two.
        """
        key, patients = row.key, self.study.patients
        within = sets.population(self.study, key.population)
        if key.outcome not in sets.OF_EVERYONE or key.outcome not in patients or within is None:
            return False
        happened = within & sets.at(self.study, key.outcome, "yes")
        shown = self.plan.outcome(key.outcome).published(happened)
        return shown == is_suppressed(self._size(row))

    def _of_curves(self) -> set[str]:
        """Analyses whose medians are read off a curve."""
        return {key.analysis for key in self.rows if key.statistic == "median_ci_low"}

    def _rests_on_few(self, key: Key) -> bool:
        """Whether a model, or a group that it compares, has few patients or events."""
        if (key.analysis, key.outcome, base_of(key.population), key.time_months) in (
            self.small_models
        ):
            return True
        at = key._replace(contrast="", statistic="")
        if key.analysis in MADE_OF:
            return any(
                small.analysis in MADE_OF[key.analysis]
                and small._replace(analysis=key.analysis, level="") == at._replace(level="")
                for small in self.small_levels
            )
        if not key.contrast:
            return at in self.small_levels
        return any(
            _names(key, small.level)
            for small in self.small_levels
            if small._replace(level="") == at._replace(level="")
        )

    def _size(self, row: Row) -> int | None:
        """The patients analysed, where they are everyone of a population whose size is shown."""
        if row.n is None or is_suppressed(row.n) or row.n == 0:
            return row.n
        found = place(self.study, self.plan, row.key._replace(variable="", statistic="n"))
        if found is None or int(found[1].sum()) != row.n or not found[0](found[1]):
            return SUPPRESSED
        return row.n


def _names(key: Key, level: str) -> bool:
    """Whether a contrast compares a level, whose own name may hold `_vs_`.

    The level of the key, where the contrast begins with it, tells where the reference begins.
    """
    readings = list(Contrast.readings(key.contrast))
    own = [x for x in readings if key.level and x.level == key.level]
    return any(level in x for x in own or readings)


def _hidden(denominator: int | None) -> int | None:
    return None if denominator is None else SUPPRESSED


def study_results(study: Study, rows: Iterable[Row]) -> Results:
    """Rows of a study under its label, level and dictionary, small counts suppressed."""
    parameters = study.parameters
    shown = suppress(study, rows) if parameters.small_cell else tuple(rows)
    return Results(
        shown, study.label, parameters.confidence_level, parameters.small_cell, study.dictionary
    )


def combine(study: Study, parts: Iterable[Iterable[Row]]) -> Results:
    """One table from several; a key that two of them share is an error."""
    return study_results(study, (row for part in parts for row in part))
