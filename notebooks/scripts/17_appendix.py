# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Appendix {#sec-appendix}
#
# How was it done, where is what a reporting guideline asks for, and how can exactly this report
# be made again? The methods are written from the parameters of this report, so they describe what
# was done and not what was planned.

# %% tags=["parameters"]
cohort: str = "data/cohort.csv"  # registry extract, one row per patient [file]
dictionary: str = "data/dictionary.csv"  # variable dictionary [file]
mapping: str = ""  # how the extract names its columns and levels, none where empty [file]
claims: str | None = None  # published numbers to compare, none where empty [file]; None: that of the preset, "data/published.csv" (aldoss_2024), "" (neutral)
preset: str | None = None  # where choices that are not made come from: aldoss_2024 for the embedded cohort, neutral for any other; None: decided from the cohort
design: str = "observational"  # how patients came to the groups compared
analysis_plan: dict = {}  # plan made before the analysis: where, date, and the hash of its parameters
primary_estimand: str | None = None  # the one primary hazard ratio, none declared where empty; all else is exploratory; None: that of the preset, "pfs_adjusted" (aldoss_2024), "" (neutral)
title: str = ""  # title, composed from the exposure where empty
authors: list | None = None  # who answers for the report, said not to be stated where empty; None: that of the preset, ["The cart-report developers"] (aldoss_2024), [] (neutral)
treatment: str = "CAR T-cell therapy"  # what all patients were given
time_zero: str = "infusion_date"  # date from which survival is counted
infusion_start: str | None = None  # first eligible infusion_date, any where empty [ISO date]; None: that of the preset, "2021-10-01" (aldoss_2024), "" (neutral)
infusion_end: str | None = None  # last eligible infusion_date, any where empty [ISO date]; None: that of the preset, "2023-08-31" (aldoss_2024), "" (neutral)
data_lock: str | None = None  # data lock, nothing later is counted; the last date of the extract where empty [ISO date]; None: that of the preset, "2023-10-30" (aldoss_2024), "" (neutral)
minimum_age: int | None = None  # youngest eligible age, any where 0 [years]; None: that of the preset, 18 (aldoss_2024), 0 (neutral)
minimum_followup_days: int | None = None  # shortest follow-up of the living, any where 0 [days]; None: that of the preset, 90 (aldoss_2024), 0 (neutral)
product_access: list | None = None  # eligible levels of product_access, any where empty; None: that of the preset, ["standard_of_care"] (aldoss_2024), [] (neutral)
include: dict = {}  # further inclusion filters, column -> levels
exposure: str = "ino"  # exposure compared: ino, or a column of two or more levels
exposure_kind: str = ""  # treatment, which a trial could assign, or characteristic; by its stage where empty
exposure_label: str = ""  # what the exposure is called, as in the dictionary where empty
exposure_levels: dict = {}  # levels compared and their labels, reference first, all where empty
exposure_doses: str = ""  # column of the doses of the exposure, of ino its own where empty
exposure_last_dose: list = []  # columns of the day of the last dose, the latest counts, of ino its own where empty
many_doses: int = 3  # doses from which on an exposed patient had many [doses]
subgroup_terms: list = ["ph_positive", "active_marrow", "age_group"]  # columns by whose levels the exposure's effect is compared
never_treated: dict = {}  # of each level of the exposure, who were meant to be treated and never were, as after apheresis; not known where empty [patients]
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
landmarks: list = [6, 12]  # times at which survival is tabulated [months]
rmst_months: list = [12, 18]  # times up to which the mean survival time is taken [months]
hazard_cut_months: int = 6  # time before and after which hazard ratios are compared [months]
consolidation_landmarks: list = [60, 90, 120]  # days after infusion_date by which consolidation counts [days]
consolidation_grace_days: int = 90  # days from the response within which the strategy to consolidate begins [days]
consolidation_terms: list = ["response", "mrd_status", "age_decades", "ph_positive", "active_marrow", "prior_hct"]  # covariates of the comparisons by consolidation, known by the response, in the order in which its weights take them
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
model_population: str | None = None  # patients of the multivariable models; None: that of the preset, "responders" (aldoss_2024), "infused" (neutral)
as_published_terms: list | None = None  # fixed covariates of models A and B, by default the article's; None: that of the preset
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary model, known by infusion_date
before_exposure_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive"]  # covariates that the exposure cannot have changed
negative_control_exposure: str | None = None  # column with levels that cannot itself bear on the endpoints, none where empty; None: that of the preset, "prior_blinatumomab" (aldoss_2024), "" (neutral)
negative_control_outcome: str | None = None  # yes-or-no column on which the exposure cannot itself bear, none where empty; None: that of the preset, "icans" (aldoss_2024), "" (neutral)
candidates: list | None = None  # covariates offered to the screen; None: that of the preset
entry_p: float = 0.1  # a candidate enters when its global P is below
forced_terms: list = ["age_decades", "race_ethnicity_collapsed"]  # terms that enter whatever their P
missing_rule: str = "complete_cases"  # missing covariates in models
imputations: int = 100  # completed copies of the patients in multiple imputation
bootstrap_resamples: int = 1000  # resamples of every bootstrap
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]
seed: int = 20231030  # seed of every random number

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())

# %% [markdown]
# ## Methods {#sec-methods}
#
# ### Design and patients

# %%
from analysis_lib.publish import methods

methods.design(study)

# %% [markdown]
# ### Endpoints

# %%
methods.endpoints(study)

# %% [markdown]
# ### Comparison of the groups

# %%
methods.comparisons(study)

# %% [markdown]
# ### Survival

# %%
methods.survival(study)

# %% [markdown]
# ### Models

# %%
methods.models(study)

# %% [markdown]
# ### Missing data

# %%
methods.missing(study)

# %% [markdown]
# ### Sensitivity

# %%
methods.sensitivity(study)

# %% [markdown]
# ### Software

# %%
methods.software(study)

# %% [markdown]
# ## Reporting checklists
#
# STROBE asks what every report of a cohort study should say [@vonelm2007], RECORD what is to be
# added where the data were collected for another purpose [@benchimol2015], TARGET what a study should
# say that emulates a trial [@cashin2025].

# %%
from analysis_lib.publish import appendix

appendix.words_on_checklist(study)

# %%
#| label: tbl-strobe
#| tbl-cap: "STROBE items of cohort studies, and where this report answers them."
appendix.table_checklist("STROBE", study)

# %%
#| label: tbl-record
#| tbl-cap: "RECORD items, and where this report answers them."
appendix.table_checklist("RECORD", study)

# %%
#| label: tbl-target
#| tbl-cap: "TARGET items of studies that emulate a trial, and where this report answers them."
appendix.table_checklist("TARGET", study)

# %% [markdown]
# ## Variables
#
# Variables of the extract and those derived from it. A level marked as the reference is the one
# that models compare with.

# %%
#| label: tbl-variables
#| tbl-cap: "The variables of this report, their values and definitions."
appendix.table_variables(study)

# %% [markdown]
# ## Abbreviations
#
# What the text, the tables and the figures shorten.

# %%
#| label: tbl-abbreviations
#| tbl-cap: "Abbreviations."
appendix.table_abbreviations(study)

# %% [markdown]
# ## Provenance {#sec-provenance}
#
# Each number in this report is one row of `results.csv`, found by its key: analysis, outcome,
# population, variable, level, contrast, time in months, and statistic. The row gives the value at
# full precision, its unit, the number of patients, the denominator and the method. `results.json`
# holds the same rows, and `manifest.json` the parameters, the checksums of the inputs and the
# versions of the software. The code of each chapter unfolds in the HTML version. The report was
# rendered with {{< var renderer >}} from notebooks run by papermill.
#
# {{< var certificate >}}

# %%
appendix.words_on_provenance()

# %%
#| label: tbl-inputs
#| tbl-cap: "What was read."
appendix.table_inputs(study)

# %%
#| label: tbl-parameters
#| tbl-cap: "Every parameter of this report."
appendix.table_parameters(study)
