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
# {{< var question >}}

# %% tags=["parameters"]
claims: str | None = None  # published numbers to compare, none where empty [file]; None: that of the preset, "data/published.csv" (aldoss_2024), "" (neutral)
preset: str | None = None  # where choices that are not made come from: aldoss_2024 for the embedded cohort, neutral for any other; None: decided from the cohort
design: str = "observational"  # how patients came to the groups compared
analysis_plan: dict = {}  # plan made before the analysis: where, date, and the hash of its parameters
primary_estimand: str | None = None  # the one primary hazard ratio, none declared where empty; all else is exploratory; None: that of the preset, "pfs_adjusted" (aldoss_2024), "" (neutral)
treatment: str = "CAR T-cell therapy"  # what all patients were given
time_zero: str = "infusion_date"  # date from which survival is counted
infusion_start: str | None = None  # first eligible infusion_date, any where empty [ISO date]; None: that of the preset, "2021-10-01" (aldoss_2024), "" (neutral)
infusion_end: str | None = None  # last eligible infusion_date, any where empty [ISO date]; None: that of the preset, "2023-08-31" (aldoss_2024), "" (neutral)
data_lock: str | None = None  # data lock, nothing later is counted; the last date of the extract where empty [ISO date]; None: that of the preset, "2023-10-30" (aldoss_2024), "" (neutral)
minimum_followup_days: int | None = None  # shortest follow-up of the living, any where 0 [days]; None: that of the preset, 90 (aldoss_2024), 0 (neutral)
exposure: str = "ino"  # exposure compared: ino, or a column of two or more levels
exposure_kind: str = ""  # treatment, which a trial could assign, or characteristic; by its stage where empty
never_treated: dict = {}  # of each level of the exposure, who were meant to be treated and never were, as after apheresis; not known where empty [patients]
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
landmarks: list = [6, 12]  # times at which survival is tabulated [months]
rmst_months: list = [12, 18]  # times up to which the mean survival time is taken [months]
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
model_population: str | None = None  # patients of the multivariable models; None: that of the preset, "responders" (aldoss_2024), "infused" (neutral)
as_published_terms: list | None = None  # fixed covariates of models A and B, by default the article's; None: that of the preset
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary model, known by infusion_date
before_exposure_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive"]  # covariates that the exposure cannot have changed
candidates: list | None = None  # covariates offered to the screen; None: that of the preset
missing_rule: str = "complete_cases"  # missing covariates in models
imputations: int = 100  # completed copies of the patients in multiple imputation
bootstrap_resamples: int = 1000  # resamples of every bootstrap
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]
seed: int = 20231030  # seed of every random number

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())

# %%
from analysis_lib.topics import gate, summary

checks = gate.checks(study)
answers = [summary.answer(study, outcome) for outcome in study.parameters.endpoints]
summary.words(study, answers, checks)

# %%
#| label: fig-answer
#| fig-cap: "Survival from {{< var time_zero >}} by {{< var exposure_short >}}, unadjusted, and the effect of {{< var exposure_short >}} as a hazard ratio; a declared primary estimand stands in colour."
#| fig-alt: "Small Kaplan-Meier curves of the survival endpoints, one curve per group with its interval band, and beside them a forest plot of the hazard ratio of each endpoint: crude, adjusted and weighted, with intervals on a logarithmic axis."
from analysis_lib.topics import survival

curves = [survival.by_exposure(study, outcome) for outcome in study.parameters.endpoints]
summary.glance(answers, curves)

# %% [markdown]
# ## Abstract

# %%
summary.background(study)

# %%
summary.methods(study)

# %%
from analysis_lib.topics import effect, flow, response

ladders = [effect.ladder(study, outcome) for outcome in study.parameters.endpoints]
summary.results(study, flow.patients(study), response.by_exposure(study), curves, ladders)

# %%
summary.conclusion(study, curves, ladders, checks)

# %% [markdown]
# ## How to read this report

# %%
summary.words_on_chapters(study)

# %% [markdown]
# The analyses are built on those of a published study [@aldoss2024]; the parameters of
# @tbl-parameters decide which cohort, which exposure and which definitions apply.
#
# A count is given with its denominator, which is the number of patients evaluable for that item
# and may be smaller than the number treated. What cannot be estimated is said to be not estimable,
# and a median that the curve does not reach, not reached. A difference whose interval includes no
# difference is called unclear, never absent. All *P* values are two-sided and none is adjusted for
# multiple comparisons.

# %%
summary.words_on_design(study)
