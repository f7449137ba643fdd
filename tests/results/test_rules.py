"""Every statistic says what it is a function of, and is released no finer than its rule."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis_lib.format import format_p
from analysis_lib.marks import SUPPRESSED
from analysis_lib.publish.appendix import EVERY_WORD
from analysis_lib.results.disclosure.release import suppress
from analysis_lib.results.disclosure.rules import RULES, Of, rule_of
from analysis_lib.results.rows import Key, context
from analysis_lib.study.study import Study


def test_every_statistic_of_the_report_has_a_rule() -> None:
    """Whoever adds one decides what it tells of the patients: `results/disclosure/rules.py`."""
    assert set(EVERY_WORD.statistics) == set(RULES)


def test_a_statistic_without_a_rule_is_withheld(study_of: Callable[..., Study]) -> None:
    row = context(Key("survival_by_exposure", "pfs", "infused", statistic="n"), n=189)
    several = (
        row.at("how_many_moons", 42),
        row.at("how_many_moons", 42, unit="patients", denominator=189),
    )
    for one in several:
        (shown,) = suppress(study_of(small_cell=11), [one])
        assert shown.value is SUPPRESSED and shown.denominator in (None, SUPPRESSED)


@pytest.mark.parametrize(
    "value", [0.00004, 0.0009, 0.0012, 0.0499, 0.0499999, 0.0996, 0.234, 0.996]
)
def test_a_rounded_p_value_is_printed_as_the_exact_one_is(value: float) -> None:
    rounded = rule_of("p_value").rounded(value)
    assert format_p(rounded) == format_p(value)
    assert rule_of("p_value").rounded(rounded) == rounded


def test_what_is_estimated_has_few_decimals() -> None:
    estimated = [x for x in RULES.values() if x.of in (Of.TABLE, Of.MODEL, Of.CURVE, Of.VALUES)]
    assert all(x.is_p or x.decimals in (0, 1, 2, 3) for x in estimated)
    assert rule_of("hazard_ratio").rounded(1.2345) == 1.23


def test_whoever_withheld_a_number_its_method_says_so(study_of: Callable[..., Study]) -> None:
    key = Key("survival_by_exposure", "pfs", "infused", time_months=6.0)
    row = context(key).at("survival", SUPPRESSED, method="Kaplan-Meier estimate")
    (shown,) = suppress(study_of(small_cell=11), [row])
    assert shown.value is SUPPRESSED and shown.method == "suppressed"


def test_a_p_value_is_withheld_with_the_odds_ratio_that_it_tells(
    study_of: Callable[..., Study],
) -> None:
    """Of four counts each is a function; of a hazard, without the ratio, the P value is not."""
    here = context(Key("control", "anakinra", "infused"), n=189)
    of_ratio = context(here.key.of_level("ino", "exposed", "naive"), n=189)
    rows = [here.at("events", 40, unit="patients"), of_ratio.at("p_value", 0.2)]
    odds = of_ratio.at("odds_ratio", 1.5)
    shown = {x.key.statistic: x.suppressed for x in suppress(study_of(small_cell=11), rows)}
    assert shown == {"events": True, "p_value": False}
    assert all(x.suppressed for x in suppress(study_of(small_cell=11), [*rows, odds]))
