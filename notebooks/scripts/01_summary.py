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
claims: str = "data/published.csv"  # published numbers to compare, none where empty [file]
treatment: str = "CAR T-cell therapy"  # what all patients were given
time_zero: str = "infusion_date"  # date from which survival is counted
infusion_start: str = "2021-10-01"  # first eligible infusion [ISO date]
infusion_end: str = "2023-08-31"  # last eligible infusion [ISO date]
data_lock: str = "2023-10-30"  # data lock, nothing later is counted [ISO date]
exposure: str = "ino"  # exposure compared: ino, or a column of two or more levels
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
landmarks: list = [6, 12]  # times at which survival is tabulated [months]
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
model_population: str = "responders"  # patients of the multivariable models
as_published_terms: list = ["prior_hct", "consolidation", "bridging_therapy", "age_decades", "race_ethnicity_collapsed", "active_marrow", "ph_positive"]  # fixed covariates of models A and B, by default the article's
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary adjusted model, before infusion
missing_rule: str = "complete_cases"  # missing covariates in models
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())

# %% [markdown]
# ## Abstract

# %%
from analysis_lib.topics import summary

summary.background(study)

# %%
summary.methods(study)

# %%
from analysis_lib.topics import effect, flow, response, survival

curves = [survival.by_exposure(study, outcome) for outcome in study.parameters.endpoints]
ladders = [effect.ladder(study, outcome) for outcome in study.parameters.endpoints]
summary.results(study, flow.patients(study), response.by_exposure(study), curves, ladders)

# %%
from analysis_lib.topics import gate

summary.conclusion(study, curves, ladders, gate.checks(study))

# %%
from analysis_lib import article

article.words_in_short(article.compared(study))

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
survival.figure(*curves)

# %%
#| label: tbl-summary-survival
#| tbl-cap: "Survival from {{< var time_zero >}} by {{< var exposure >}}."
survival.table(*curves)

# %% [markdown]
# ## How to read this report
#
# @sec-cohort shows who was studied, @sec-toxicity and @sec-response what happened in the first
# weeks, @sec-survival how long patients lived without relapse, and @sec-regression and
# @sec-sensitivity what changes when other differences between the groups are taken into account. A
# difference whose interval includes no difference is called unclear, never absent, and the sentence
# says what else the interval is compatible with.
