# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Summary {#sec-summary}
#
# What was asked: do outcomes after {{< var treatment >}} differ by {{< var exposure >}}, and what
# can be said about the reason if they do? This chapter answers in one page; each number in it
# stands in the results table and is explained in the chapter that it comes from.

# %% tags=["parameters"]
cohort: str = "data/cohort.csv"  # registry extract, one row per patient [file]
dictionary: str = "data/dictionary.csv"  # variable dictionary [file]
mapping: str = ""  # how the extract names its columns and levels, none where empty [file]
claims: str = "data/published.csv"  # published numbers to compare, none where empty [file]
title: str = ""  # title, composed from the exposure where empty
treatment: str = "CAR T-cell therapy"  # what all patients were given
time_zero: str = "infusion_date"  # date from which survival is counted
infusion_start: str = "2021-10-01"  # first eligible infusion [ISO date]
infusion_end: str = "2023-08-31"  # last eligible infusion [ISO date]
data_lock: str = "2023-10-30"  # data lock, nothing later is counted [ISO date]
minimum_age: int = 18  # youngest eligible age [years]
minimum_followup_days: int = 90  # shortest follow-up of the living [days]
product_access: list = ["standard_of_care"]  # eligible levels of product_access, any where empty
include: dict = {}  # further inclusion filters, column -> levels
exposure: str = "ino"  # exposure compared: ino, or a column of two or more levels
exposure_label: str = ""  # what the exposure is called, as in the dictionary where empty
exposure_levels: dict = {}  # levels compared and their labels, reference first, all where empty
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
landmarks: list = [6, 12]  # times at which survival is tabulated [months]
rmst_months: list = [12, 18]  # times up to which the mean survival time is taken [months]
hazard_cut_months: int = 6  # time before and after which hazard ratios are compared [months]
consolidation_landmarks: list = [60, 90, 120]  # days after infusion by which consolidation counts [days]
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
model_population: str = "responders"  # patients of the multivariable models
as_published_terms: list = ["prior_hct", "consolidation", "bridging_therapy", "age_decades", "race_ethnicity_collapsed", "active_marrow", "ph_positive"]  # fixed covariates of models A and B, by default the article's
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary adjusted model, before infusion
before_exposure_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive"]  # covariates that the exposure cannot have changed
candidates: list = ["age_decades", "sex", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct", "bridging_therapy", "consolidation"]  # covariates offered to the screen
entry_p: float = 0.1  # a candidate enters when its global P is below
forced_terms: list = ["age_decades", "race_ethnicity_collapsed"]  # terms that enter whatever their P
missing_rule: str = "complete_cases"  # missing covariates in models
imputations: int = 20  # completed copies of the patients in multiple imputation
bootstrap_resamples: int = 1000  # resamples in which the screen is repeated
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]
seed: int = 20231030  # seed of every random number

# %%
from analysis_lib.article.comparison.published import published_comparison
from analysis_lib.article.words import summarize_score
from analysis_lib.show.kaplan_meier import plot_kaplan_meier
from analysis_lib.study.study import open_study
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.topics.flow.numbers import patient_flow
from analysis_lib.topics.gate.numbers import gate
from analysis_lib.topics.response.numbers import response_by_exposure
from analysis_lib.topics.summary.words import (
    abstract_background,
    abstract_conclusion,
    abstract_methods,
    abstract_results,
)
from analysis_lib.topics.survival.numbers import survival_by_exposure
from analysis_lib.topics.survival.table import table_survival

study = open_study(globals())

# %%
flow = patient_flow(study)
response = response_by_exposure(study)
survival = [survival_by_exposure(study, outcome) for outcome in study.parameters.endpoints]
ladders = [exposure_ladder(study, outcome) for outcome in study.parameters.endpoints]
checks = gate(study)

# %% [markdown]
# ## Abstract

# %%
abstract_background(study)

# %%
abstract_methods(study)

# %%
abstract_results(study, flow, response, survival, ladders)

# %%
abstract_conclusion(study, survival, ladders, checks)

# %%
summarize_score(published_comparison(study))

# %% [markdown]
# ## At a glance
#
# @fig-summary-survival shows how long patients lived, and how long without relapse, and
# @tbl-summary-survival the numbers behind the curves. They are unadjusted: what adjustment changes
# is in @sec-sensitivity.

# %%
#| label: fig-summary-survival
#| fig-cap: "Survival from {{< var time_zero >}} by {{< var exposure >}}, with numbers at risk."
#| fig-alt: "Kaplan-Meier curves for each survival endpoint, one curve per group with its interval band, above a table of the numbers at risk."
plot_kaplan_meier(*survival)

# %%
#| label: tbl-summary-survival
#| tbl-cap: "Survival from {{< var time_zero >}} by {{< var exposure >}}."
table_survival(*survival)

# %% [markdown]
# ## How to read this report
#
# @sec-cohort shows who was studied, @sec-toxicity and @sec-response what happened in the first
# weeks, @sec-survival how long patients lived without relapse, and @sec-regression what changes
# when other differences between the groups are taken into account. A difference whose interval
# includes no difference is called unclear, never absent, and the sentence says what else the
# interval is compatible with.
