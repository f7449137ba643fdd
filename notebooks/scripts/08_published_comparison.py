# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The article's numbers beside ours {#sec-published}
#
# Which numbers of the published article does this report reproduce, which does it miss, and do
# the printed numbers agree among themselves? Every number that the article prints is recorded
# with the key of the result that it corresponds to, and is set beside that result. A second
# look, the audit, uses the printed numbers alone.

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
from analysis_lib.article.figure import plot_published_estimates
from analysis_lib.article.table import table_published, table_scorecard
from analysis_lib.article.words import (
    describe_agreement,
    describe_conflicts,
    describe_findings,
    describe_misses,
    describe_score,
)
from analysis_lib.study.study import open_study

study = open_study(globals())
dictionary = study.dictionary
published = published_comparison(study)

# %% [markdown]
# ## Score
#
# A number is reproduced when ours, rounded half up to the printed decimals, is the printed one,
# or keeps the printed bound. A number that is not reproduced counts as conflicting, and not as
# missed, when the audit shows that it belongs to printed numbers which no cohort can meet
# together.

# %%
describe_score(published)

# %%
#| label: tbl-scorecard
#| tbl-cap: "Printed numbers by section of the article: reproduced, missed, conflicting with each other, not computable."
table_scorecard(published)

# %% [markdown]
# ## Estimates
#
# Where the article prints an estimate without an interval, ours has one all the same.

# %%
#| label: fig-published-survival
#| fig-cap: "Survival estimates of the article and of this report."
#| fig-alt: "For each group and time the printed survival estimate with its interval, and below it the estimate of this report, beside columns with the same numbers."
plot_published_estimates(published, "survival", dictionary=dictionary)

# %%
#| label: fig-published-ratios
#| fig-cap: "Hazard ratios of the article's multivariable models and of the same models in this report."
#| fig-alt: "For each term of the models the printed hazard ratio with its interval on a logarithmic axis, and below it the hazard ratio of this report, beside columns with the same numbers."
plot_published_estimates(published, "hazard_ratio", dictionary=dictionary)

# %% [markdown]
# ## What is missed
#
# Each miss is named by how far ours lies from the printed number; @tbl-published has all of them.

# %%
describe_misses(published, dictionary=dictionary)

# %%
describe_conflicts(published, dictionary=dictionary)

# %% [markdown]
# ## Do the printed numbers agree with each other?
#
# Percents are recomputed from counts, P values from counts under every plausible test and
# treatment of missing values, denominators from the percents, intervals from the estimates, and
# comparisons of a part of the patients over all of them. In italics stands what a finding means
# for a conclusion of the article.

# %%
describe_findings(published)

# %% [markdown]
# ## What agreement means

# %%
describe_agreement(published)

# %% [markdown]
# ## All numbers

# %%
#| label: tbl-published
#| tbl-cap: "Every number that the article prints about its patients, and ours."
table_published(published, dictionary=dictionary)

# %% [markdown]
# ## Limits
#
# - Some printed numbers can be read in more than one way: which patients, which test, which
#   definition of follow-up. Each is compared under one reading, the one recorded with it.
# - A count, its percent and the percents that follow from both are several numbers in the score
#   but one piece of evidence; the score without counts is the harder one.
# - The audit finds contradictions of arithmetic. A wrong number that agrees with its neighbours
#   passes it.
