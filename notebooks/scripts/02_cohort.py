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
# {{< var infusion >}}? The rules of eligibility are applied one after another. Unless chance assigned the groups,
# categories are compared by Pearson's
# chi-square test without correction [@pearson1900], and by Fisher's exact test too where counts are
# small [@freeman1951]; quantities by rank tests [@wilcoxon1945; @kruskal1952]. Standardised
# differences, which do not depend on the number of patients, stand beside both [@austin2009; @yang2012].

# %% tags=["parameters"]
cohort: str = "data/cohort.csv"  # registry extract, one row per patient [file]
mapping: str = ""  # how the extract names its columns and levels, none where empty [file]
preset: str | None = None  # where choices that are not made come from: aldoss_2024 for the embedded cohort, neutral for any other; None: decided from the cohort
design: str = "observational"  # how patients came to the groups compared
time_zero: str = "infusion_date"  # date from which survival is counted
infusion_start: str | None = None  # first eligible infusion_date, any where empty [ISO date]; None: that of the preset, "2021-10-01" (aldoss_2024), "" (neutral)
infusion_end: str | None = None  # last eligible infusion_date, any where empty [ISO date]; None: that of the preset, "2023-08-31" (aldoss_2024), "" (neutral)
data_lock: str | None = None  # data lock, nothing later is counted; the last date of the extract where empty [ISO date]; None: that of the preset, "2023-10-30" (aldoss_2024), "" (neutral)
minimum_age: int | None = None  # youngest eligible age, any where 0 [years]; None: that of the preset, 18 (aldoss_2024), 0 (neutral)
minimum_followup_days: int | None = None  # shortest follow-up of the living, any where 0 [days]; None: that of the preset, 90 (aldoss_2024), 0 (neutral)
product_access: list | None = None  # eligible levels of product_access, any where empty; None: that of the preset, ["standard_of_care"] (aldoss_2024), [] (neutral)
include: dict = {}  # further inclusion filters, column -> levels
exposure: str = "ino"  # exposure compared: ino, or a column of two or more levels
exposure_label: str = ""  # what the exposure is called, as in the dictionary where empty
exposure_levels: dict = {}  # levels compared and their labels, reference first, all where empty
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
model_population: str | None = None  # patients of the multivariable models; None: that of the preset, "responders" (aldoss_2024), "infused" (neutral)
as_published_terms: list | None = None  # fixed covariates of models A and B, by default the article's; None: that of the preset
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary model, known by infusion_date
before_exposure_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive"]  # covariates that the exposure cannot have changed
candidates: list | None = None  # covariates offered to the screen; None: that of the preset
missing_rule: str = "complete_cases"  # missing covariates in models
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())

# %% [markdown]
# ## Eligibility and flow

# %%
from analysis_lib.topics import flow

patients = flow.patients(study)
flow.words(patients)

# %%
#| label: fig-flow
#| fig-cap: "Flow of patients from the extract to the groups compared. Every split adds up to the box above it."
#| fig-alt: "Flow diagram: patients in the extract, patients left out by each rule, the groups by exposure and their parts."
flow.figure(patients)

# %% [markdown]
# ## Follow-up
#
# The reverse Kaplan-Meier estimator treats death as censoring and the end of observation as the
# event [@schemper1996]. Other definitions give other medians for the same patients. A median hides
# who was lost, and unequal losses would bias the comparison; where dates are real, Clark's C is
# the share of the time until death or data lock in which patients were observed [@clark2002].

# %%
from analysis_lib.topics import survival

follow_up = survival.follow_up(study)
survival.words_on_follow_up(follow_up)

# %%
#| label: tbl-followup
#| tbl-cap: "Median follow-up in months by definition, and its completeness where dates are real, by {{< var exposure_short >}}."
survival.table_follow_up(follow_up)

# %% [markdown]
# ## Baseline characteristics

# %%
from analysis_lib.topics import baseline

characteristics = baseline.by_exposure(study)
baseline.words(characteristics)

# %%
#| label: tbl-baseline
#| tbl-cap: "Baseline characteristics by {{< var exposure_short >}}."
baseline.table(characteristics)

# %% [markdown]
# ## Missing data
#
# A model uses only patients with every covariate. @sec-missing shows what is missing and how it
# changes the results.

# %%
from analysis_lib.topics import missing

gaps = missing.shares(study)
missing.words(gaps)

# %% [markdown]
# ## Limits

# %%
flow.words_on_limits(study)
