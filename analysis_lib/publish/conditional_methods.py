"""Sentences of the methods that some cohorts and parameters need, and others do not."""

from __future__ import annotations

from analysis_lib.format import format_count, format_number
from analysis_lib.labels import listed
from analysis_lib.results.rows import Omitted
from analysis_lib.show.prose import capital, escape
from analysis_lib.study.eligibility import day
from analysis_lib.study.left_open import choices_left_open
from analysis_lib.study.study import Study
from analysis_lib.topics.consolidation.follow_up import consolidation_follow_up
from analysis_lib.topics.missing.copies import table_with_gaps
from analysis_lib.topics.screening.bootstrap import why_not_repeated
from analysis_lib.topics.screening.penalised import penalised_models
from analysis_lib.topics.weighting.numbers import weigh_groups
from analysis_lib.topics.weighting.unmeasured import leave_one_centre_out

NO_PLAN = (
    "No analysis plan is stated, so that nothing is known of whether the choices of the analysis "
    "were made before the outcome was looked at."
)


def data_lock(study: Study) -> str:
    """The day on which data were locked, or what stands for it."""
    if not study.has_calendar:
        return (
            f"Times are days from {escape(study.dictionary.infusion)}; there are no calendar dates."
        )
    if study.parameters.data_lock:
        return f"The data were locked on {day(study.data_lock)}."
    return (
        f"No data lock is stated; nothing is known after {day(study.data_lock)}, the last date of "
        "the extract, which stands for it."
    )


def constants(study: Study) -> str:
    """Columns that say the same of every patient because the mapping says so."""
    if not study.constants:
        return ""
    names = "; ".join(escape(x) for x in study.dictionary.phrases(study.constants))
    return (
        f"Set to one value for every patient by the mapping, and so no measurement: {names}. "
        "They are treated as not recorded, in tables, tests, rates and models alike."
    )


def left_open(study: Study) -> str:
    """The choices that nobody made and the analysis had to."""
    left = choices_left_open(study)
    return f"Left open were these choices: {escape('; '.join(left))}." if left else ""


def delayed_entry(study: Study) -> str:
    """When patients entered the numbers at risk, if later than time zero."""
    if not study.enters_late:
        return ""
    return (
        f"Patients entered the numbers at risk on the day of {escape(study.dictionary.infusion)} "
        "(delayed entry) [@tsai1987]."
    )


def quantities(study: Study) -> str:
    """How covariates that are numbers enter the models, where one does."""
    given = study.parameters
    terms = (*given.baseline_terms, *given.as_published_terms, *given.candidates)
    if not any(study.dictionary[name].is_numeric for name in terms):
        return ""
    return "Quantities enter a model as straight lines in the log hazard."


def subgroups(study: Study) -> str:
    """The subgroups in which the exposure's effect was compared."""
    terms = study.parameters.subgroup_terms
    named = [x for x in terms if study.patients[x].nunique() > 1]
    if not named:
        return (
            "The exposure's effect was not compared between subgroups, and no interaction of it "
            "with a covariate was tested."
        )
    names = escape(listed(list(study.dictionary.phrases(named))))
    return (
        f"Exploratory subgroups are those by {names}; the product of the exposure with each was "
        "tested by the likelihood ratio, without adjustment for the number of tests [@wang2007]."
    )


def consolidation(study: Study) -> str:
    """The analyses of consolidation, and what counts as one."""
    if isinstance(consolidation_follow_up(study), Omitted):
        return ""
    days = listed([format_number(x) for x in study.parameters.consolidation_landmarks])
    grace = format_number(study.parameters.consolidation_grace_days)
    return (
        f"Consolidation, which follows {escape(study.dictionary.infusion)}, was analysed as a "
        "fixed covariate, as one that changes in time, and from "
        f"landmarks at {days} days [@anderson1983; @suissa2008; @simonmakuch1984], and as a "
        f"strategy within {grace} days of the response against none, by cloning, censoring and "
        "weighting [@cain2010; @maringe2020]. It is what was "
        "given in remission: treatment before the response, without one, or on or after the day "
        f"of {escape(study.dictionary.relapse)} is salvage and counts as none."
    )


def imputation(study: Study) -> str:
    """The completed copies, where a covariate is missing."""
    if isinstance(table_with_gaps(study), Omitted):
        return ""
    return (
        "Beside it stand models on "
        f"{format_count(study.parameters.imputations)} completed copies of the patients by chained "
        "equations [@vanbuuren2011; @white2009], combined by Rubin's rules [@rubin1987; "
        "@barnard1999]; imputed values are also shifted away from what is recorded "
        "[@tompsett2018]."
    )


def repeated_screen(study: Study) -> str:
    """The screen in resamples, where there is something to choose."""
    if why_not_repeated(study):
        return ""
    resamples = format_count(study.parameters.bootstrap_resamples)
    return f"The screen was repeated in {resamples} bootstrap resamples [@sauerbrei1992]."


def weights(study: Study) -> str:
    """The weights, where the groups can be weighted and followed from the start."""
    if study.enters_late or isinstance(weigh_groups(study), Omitted):
        return ""
    return (
        "Groups were weighted to be alike in the baseline covariates, by inverse probability and "
        "by overlap weights [@rosenbaum1983; @li2018; @li2019]."
    )


def standardised(study: Study) -> str:
    """The standardised curves, by as many estimators as there are."""
    if study.enters_late:
        return ""
    others = (
        ", by these weights, and by both, the doubly robust estimate [@wang2018; @andersen2017]"
    )
    return (
        "Survival was standardised to all patients by the primary model [@robins1986]"
        f"{others if weights(study) else ''}, each with "
        f"percentiles of {format_count(study.parameters.bootstrap_resamples)} bootstrap resamples "
        "in which everything is repeated [@hesterberg2015; @schomaker2018]."
    )


def beside_the_models(study: Study) -> str:
    """What else was fitted beside the models, each where it was."""
    given = study.parameters
    cut = f"hazard ratios before and after {format_number(given.hazard_cut_months)} months"
    shrunk = "the screen by penalised models [@firth1993; @heinze2001; @verweij1994]"
    every = "every combination of defensible choices [@simonsohn2020]"
    centres = leave_one_centre_out(study, given.endpoints[0])
    done = {
        cut: not study.enters_late,
        "every centre left out in turn": not isinstance(centres, Omitted),
        shrunk: not isinstance(penalised_models(study), Omitted),
        every: not study.enters_late,
    }
    named = [what for what, was_done in done.items() if was_done]
    return f"{capital(listed(named))} stand beside the models." if named else ""


def e_values(study: Study) -> str:
    """That E-values were computed, which no trial needs."""
    if study.is_randomised:
        return ""
    return "E-values say how strong an unrecorded confounder would have to be [@vanderweele2017]."


def negative_controls(study: Study) -> str:
    """The exposure and the outcome that can show confounding alone."""
    given = study.parameters
    named = {
        "exposure": given.negative_control_exposure,
        "outcome": given.negative_control_outcome,
    }
    said = [f"{escape(study.dictionary[x].phrase)} as {what}" for what, x in named.items() if x]
    if study.is_randomised or not said:
        return ""
    return f"Negative controls were {listed(said)} [@lipsitch2010]."
