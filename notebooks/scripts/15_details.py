# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The patients in detail {#sec-details}
#
# Who was left out, do doses of the exposure matter, what was each patient's course, what did they die
# of, and how did the exposed differ by their response to the exposure and by its timing?

# %% tags=["parameters"]
preset: str | None = None  # where choices that are not made come from: aldoss_2024 for the embedded cohort, neutral for any other; None: decided from the cohort
design: str = "observational"  # how patients came to the groups compared
time_zero: str = "infusion_date"  # date from which survival is counted
data_lock: str | None = None  # data lock, nothing later is counted; the last date of the extract where empty [ISO date]; None: that of the preset, "2023-10-30" (aldoss_2024), "" (neutral)
exposure: str = "ino"  # exposure compared: ino, or a column of two or more levels
exposure_doses: str = ""  # column of the doses of the exposure, of ino its own where empty
exposure_last_dose: list = []  # columns of the day of the last dose, the latest counts, of ino its own where empty
many_doses: int = 3  # doses from which on an exposed patient had many [doses]
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
landmarks: list = [6, 12]  # times at which survival is tabulated [months]
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary model, known by infusion_date
before_exposure_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive"]  # covariates that the exposure cannot have changed
candidates: list | None = None  # covariates offered to the screen; None: that of the preset
missing_rule: str = "complete_cases"  # missing covariates in models
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())
endpoints = study.parameters.endpoints

# %% [markdown]
# ## Eligibility
#
# Each rule is named with the patients whom it left out; @sec-cohort draws the same as a flow.

# %%
#| label: tbl-attrition
#| tbl-cap: "Eligibility, one rule after another."
from analysis_lib.topics import flow

patients = flow.patients(study)
flow.table(patients)

# %% [markdown]
# ## The exposure
#
# Doses and days from the last are counted in the exposed for whom they are recorded. If it is the
# drug, more of it and less time since should matter: doses in groups are compared with none, and a
# line and a curve in the amount join the primary model [@durrleman1989].

# %%
#| label: tbl-doses
#| tbl-cap: "Doses of the exposure, and days from the last dose to apheresis and to {{< var infusion >}}."
flow.table_doses(flow.doses(study))

# %%
from analysis_lib.topics import dose

groups = [dose.groups(study, outcome) for outcome in endpoints]
amounts = [dose.amounts(study, outcome) for outcome in endpoints]
dose.words(*groups, *amounts)

# %%
#| label: tbl-dose-groups
#| tbl-cap: "Hazard ratios of few and of many doses of the exposure against none."
dose.table_groups(*groups)

# %%
#| label: fig-amounts
#| fig-cap: "Adjusted hazard ratio against no exposure by its doses and by the days since the last, between the 5% and 95% quantiles of the exposed."
#| fig-alt: "A row of panels per endpoint, one an amount: a curve of the hazard ratio with its band over the amount, a line at 1, and a mark for each exposed patient below."
dose.figure(*amounts)

# %%
#| label: tbl-amounts
#| tbl-cap: "Hazard ratios by the amount of the exposure, as a line and as a curve."
dose.table(*amounts)

# %% [markdown]
# ## Age groups
#
# Bounds in whole years can leave a gap between two groups: the same patients are counted both ways.

# %%
#| label: tbl-age-groupings
#| tbl-cap: "Age groups without a gap, and with bounds in whole years."
from analysis_lib.topics import baseline

baseline.table_ages(baseline.by_exposure(study))

# %% [markdown]
# ## Courses
#
# Behind a curve are courses: one lane per patient, the longest follow-up on top.

# %%
#| label: fig-courses
#| fig-cap: "The course of each patient from {{< var time_zero >}} by {{< var exposure_short >}}, with what the extract dates of it."
#| fig-alt: "Swimmer plot: one horizontal bar per patient in a panel for each group, coloured by response, with marks for consolidation, relapse and death."
from analysis_lib.topics import survival

survival.figure_courses(survival.courses(study))

# %% [markdown]
# ## Three ways to fail
#
# Some die without relapse (@sec-survival) of a disease that never went into remission, others of what
# was done against it. Both are few, so that their hazard ratios are not adjusted.

# %%
from analysis_lib.topics import competing

ways = competing.ways_to_fail(study)
competing.words_on_ways(ways)

# %%
#| label: fig-ways-to-fail
#| fig-cap: "Cumulative incidence of relapse, of death from the disease and of death from another cause by {{< var exposure_short >}}, with numbers at risk of all three."
#| fig-alt: "Three panels of rising step curves, relapse, death from the disease without it and death from another cause, one curve per group, above a table of the numbers at risk."
competing.figure_ways(ways)

# %%
#| label: tbl-ways-to-fail
#| tbl-cap: "Cumulative incidence of the three ways to fail by {{< var exposure_short >}}."
competing.table_ways(ways)

# %% [markdown]
# ## By response to the exposure
#
# Survival is compared between exposed who did not respond and those who did; the never exposed take
# no part in the test. A difference by response is no effect of the therapy (@sec-regression).

# %%
groups = baseline.by_response(study)
baseline.words(groups)

# %%
#| label: tbl-baseline-response
#| tbl-cap: "Baseline characteristics of the exposed by their response to the exposure."
baseline.table(groups)

# %%
by_response = [survival.by_response(study, outcome) for outcome in endpoints]
survival.words(*by_response)

# %%
#| label: fig-survival-response
#| fig-cap: "Survival from {{< var time_zero >}} by {{< var exposure_short >}} and the response to it, with numbers at risk."
#| fig-alt: "Kaplan-Meier curves for each survival endpoint: never exposed, responding and refractory, above a table of the numbers at risk."
survival.figure(*by_response)

# %%
#| label: tbl-survival-response
#| tbl-cap: "Survival from {{< var time_zero >}} by the response to the exposure."
survival.table(*by_response)

# %% [markdown]
# ## By timing of the exposure

# %%
groups = baseline.by_timing(study)
baseline.words(groups)

# %%
#| label: tbl-baseline-timing
#| tbl-cap: "Baseline characteristics of the exposed by the timing of the exposure."
baseline.table(groups)

# %%
by_timing = [survival.by_timing(study, outcome) for outcome in endpoints]
survival.words(*by_timing)

# %%
#| label: fig-survival-timing
#| fig-cap: "Survival from {{< var time_zero >}} of the exposed by the timing of the exposure, with numbers at risk."
#| fig-alt: "Kaplan-Meier curves for each survival endpoint by timing of the exposure, above a table of the numbers at risk."
survival.figure(*by_timing)

# %%
#| label: tbl-survival-timing
#| tbl-cap: "Survival from {{< var time_zero >}} of the exposed by the timing of the exposure."
survival.table(*by_timing)

# %% [markdown]
# ## Limits

# %%
competing.words_on_limits(study)
