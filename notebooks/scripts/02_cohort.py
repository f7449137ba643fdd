# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Cohort {#sec-cohort}
#
# Who entered the analysis, and how did the groups by {{< var exposure >}} differ before
# infusion? Eligibility is applied to the extract rule by rule. Groups are compared by Pearson's
# chi-square test without correction [@pearson1900] or by rank tests [@wilcoxon1945;
# @kruskal1952], and by standardised differences, which do not depend on the number of patients
# [@austin2009; @yang2012].

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
from analysis_lib.study.study import open_study
from analysis_lib.topics.baseline.figure import plot_balance
from analysis_lib.topics.baseline.numbers import (
    baseline_by_exposure,
    baseline_by_response,
    baseline_by_timing,
)
from analysis_lib.topics.baseline.table import table_age_groupings, table_baseline
from analysis_lib.topics.baseline.words import describe_baseline
from analysis_lib.topics.flow.figure import plot_flow
from analysis_lib.topics.flow.numbers import exposure_doses, patient_flow
from analysis_lib.topics.flow.table import table_attrition, table_doses
from analysis_lib.topics.flow.words import describe_flow
from analysis_lib.topics.missing.figure import plot_missing_patterns
from analysis_lib.topics.missing.numbers import missing_data
from analysis_lib.topics.missing.table import table_missing_data
from analysis_lib.topics.missing.words import describe_missing_data
from analysis_lib.topics.survival.numbers import followup
from analysis_lib.topics.survival.table import table_followup
from analysis_lib.topics.survival.words import describe_followup

study = open_study(globals())

# %% [markdown]
# ## Eligibility and flow

# %%
flow = patient_flow(study)
describe_flow(flow)

# %%
#| label: fig-flow
#| fig-cap: "Flow of patients from the extract to the groups compared. Every split adds up to the box above it."
#| fig-alt: "Flow diagram: patients in the extract, patients left out by each rule, the groups by exposure and their parts."
plot_flow(flow)

# %%
#| label: tbl-attrition
#| tbl-cap: "Eligibility, one rule after another."
table_attrition(flow)

# %% [markdown]
# ## The exposure

# %%
#| label: tbl-doses
#| tbl-cap: "Doses of the exposure, and days from the last dose to apheresis and to infusion."
table_doses(exposure_doses(study), dictionary=study.dictionary)

# %% [markdown]
# ## Follow-up
#
# The reverse Kaplan-Meier estimator treats death as censoring and the end of observation as the
# event [@schemper1996]. Other definitions give other medians for the same patients, so the
# definition belongs to the number. A median says nothing of those who were lost: Clark's C is the
# share of the time until death or data lock in which the patients were really observed
# [@clark2002], and losses that differ between the groups would bias their comparison.

# %%
follow_up = followup(study)
describe_followup(follow_up)

# %%
#| label: tbl-followup
#| tbl-cap: "Median follow-up in months by definition, and its completeness, by {{< var exposure >}}."
table_followup(follow_up)

# %% [markdown]
# ## Baseline characteristics

# %%
baseline = baseline_by_exposure(study)
describe_baseline(baseline)

# %%
#| label: tbl-baseline
#| tbl-cap: "Baseline characteristics by {{< var exposure >}}."
table_baseline(baseline)

# %%
#| label: fig-balance
#| fig-cap: "Absolute standardised differences of the baseline characteristics."
#| fig-alt: "Dot plot of one absolute standardised difference per characteristic, sorted, with a reference line at the usual threshold."
plot_balance(baseline)

# %%
#| label: tbl-age-groupings
#| tbl-cap: "Age groups without a gap, and with bounds in whole years."
table_age_groupings(baseline)

# %% [markdown]
# ## Missing data
#
# A value is missing where the extract records none for a patient whom the variable concerns; what
# does not apply to a patient is not missing. Whether values are missing more often in one group
# is shown by the difference of the shares. A model without a rule for gaps uses the patients with
# every covariate, so that it matters which covariates are missing together; what gaps do to the
# results is in @sec-sensitivity.

# %%
missing = missing_data(study)
describe_missing_data(missing)

# %%
#| label: tbl-missing-data
#| tbl-cap: "Values that are not recorded, of the patients whom the variable concerns, by {{< var exposure >}}."
table_missing_data(missing)

# %%
#| label: fig-missing-patterns
#| fig-cap: "Covariates of the models that are missing together, from complete cases to the rarest patterns, with the patients of each pattern by {{< var exposure >}}."
#| fig-alt: "Grid of tiles, one row a covariate and one column a pattern: dark tiles are missing, empty ones recorded. To the right in how many patients each covariate is missing, below the patients of each pattern, all and by group."
plot_missing_patterns(missing)

# %% [markdown]
# Counts of patients say how much is missing, not why. Values that are missing because of what they
# would have been, such as a marrow not examined in those too ill for it, cannot be told from the
# extract.

# %% [markdown]
# ## By response to the exposure

# %%
by_response = baseline_by_response(study)
describe_baseline(by_response)

# %%
#| label: tbl-baseline-response
#| tbl-cap: "Baseline characteristics of the exposed by their response to the exposure."
table_baseline(by_response)

# %% [markdown]
# ## By timing of the exposure

# %%
by_timing = baseline_by_timing(study)
describe_baseline(by_timing)

# %%
#| label: tbl-baseline-timing
#| tbl-cap: "Baseline characteristics of the exposed by the timing of the exposure."
table_baseline(by_timing)

# %% [markdown]
# ## Limits
#
# - Only infused patients are in the extract. Who was meant to be treated and was never infused is
#   not, so whatever the exposure does before infusion cannot be seen here.
# - The rule "follow-up or death" lets late-infused patients in only if they died; it selects on
#   the outcome.
# - A P value compares groups that were never exchangeable; a standardised difference says how
#   far apart they are, and neither says what else differs that was not recorded.
