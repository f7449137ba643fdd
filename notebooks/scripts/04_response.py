# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Response {#sec-response}
#
# Did the response to the infusion differ by {{< var exposure >}}? Response is derived from what
# was measured at the assessment around day 28, where the extract records it: complete remission
# (CR) needs less than 5% marrow blasts, no circulating blasts, no extramedullary disease, more than
# 1000 neutrophils and more than 100 000 platelets per microlitre; with either count at or below its
# bound it is CR with incomplete haematologic recovery (CRi). Rates are given of the evaluable and of all infused
# patients, because who could be evaluated is itself an outcome.

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
from analysis_lib.topics.response.numbers import response_by_exposure
from analysis_lib.topics.response.table import table_consolidation, table_response
from analysis_lib.topics.response.words import (
    describe_after_response,
    describe_mrd,
    describe_not_evaluable,
    describe_response,
)

study = open_study(globals())

# %% [markdown]
# ## Remission

# %%
response = response_by_exposure(study)
describe_response(response)

# %%
#| label: tbl-response
#| tbl-cap: "Response to the infusion by {{< var exposure >}}, with the base of every rate."
table_response(response, dictionary=study.dictionary)

# %% [markdown]
# ## Not evaluable

# %%
describe_not_evaluable(response)

# %% [markdown]
# ## Measurable residual disease

# %%
describe_mrd(response)

# %% [markdown]
# ## After response: consolidation and relapse

# %%
describe_after_response(response)

# %%
#| label: tbl-consolidation
#| tbl-cap: "Consolidation or maintenance and relapse by {{< var exposure >}}."
table_consolidation(response, dictionary=study.dictionary)

# %% [markdown]
# ## Limits
#
# - Patients who die before the assessment are not evaluable. A rate among the evaluable is a
#   rate among survivors of the first weeks.
# - The method of MRD assessment followed local practice and is not the same in all patients.
# - Relapse counted as a proportion ignores how long each patient was observed; @sec-survival
#   uses the time to it.
