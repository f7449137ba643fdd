# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Toxicity {#sec-toxicity}
#
# Did toxicity after infusion differ by {{< var exposure >}}? Cytokine release syndrome (CRS) and
# immune effector cell-associated neurotoxicity syndrome (ICANS) are graded by the consensus of
# the American Society for Transplantation and Cellular Therapy [@lee2019]. Proportions have
# exact intervals [@clopper1934], differences of proportions Newcombe's [@newcombe1998]; every
# count names the patients that it is taken of.

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
from analysis_lib.topics.competing.figure import plot_toxicity_onset
from analysis_lib.topics.competing.numbers import toxicity_onset_by_exposure
from analysis_lib.topics.competing.table import table_toxicity_onset
from analysis_lib.topics.competing.words import describe_onset
from analysis_lib.topics.toxicity.figure import plot_toxicity_grades
from analysis_lib.topics.toxicity.numbers import toxicity_by_exposure
from analysis_lib.topics.toxicity.table import table_toxicity
from analysis_lib.topics.toxicity.words import describe_early_deaths, describe_toxicity

study = open_study(globals())

# %% [markdown]
# ## CRS and ICANS

# %%
toxicity = toxicity_by_exposure(study)
describe_toxicity(toxicity)

# %%
#| label: fig-toxicity
#| fig-cap: "Highest grade of CRS and of ICANS among the evaluable patients, by {{< var exposure >}}."
#| fig-alt: "Stacked horizontal bars, one per group and syndrome, split into no toxicity and grade groups."
plot_toxicity_grades(toxicity)

# %%
#| label: tbl-toxicity
#| tbl-cap: "Toxicity, its management, hospital stay and early deaths by {{< var exposure >}}."
table_toxicity(toxicity, dictionary=study.dictionary)

# %% [markdown]
# ## When toxicity begins
#
# Days to onset among the affected describe only those who came to have it. Cumulative incidence
# [@aalen1978] counts everyone evaluable from infusion on: the probability that the syndrome has
# begun by a given day, when death can come first. Gray's test [@gray1988] compares the groups
# over the first 30 days. Censoring is taken to be independent of the onset.

# %%
onset = toxicity_onset_by_exposure(study)
describe_onset(onset)

# %%
#| label: fig-toxicity-onset
#| fig-cap: "Cumulative incidence of CRS and of ICANS from infusion by {{< var exposure >}}, death before onset as competing event, with numbers at risk."
#| fig-alt: "Two panels of rising step curves, CRS and ICANS, one curve per group with its interval band over 30 days, above a table of the numbers at risk."
plot_toxicity_onset(onset)

# %%
#| label: tbl-toxicity-onset
#| tbl-cap: "Cumulative incidence of CRS and of ICANS by day after infusion and by {{< var exposure >}}."
table_toxicity_onset(onset)

# %% [markdown]
# ## Early deaths

# %%
describe_early_deaths(toxicity)

# %% [markdown]
# ## Limits
#
# - Grades among the affected and grades among the evaluable answer different questions; the
#   first conditions on having the syndrome at all.
# - Patients who died before a grade could be recorded count as not evaluable, not as free of
#   toxicity.
# - Days to onset in @tbl-toxicity are of the affected alone, so that a median of them is no time
#   to onset of the group.
# - Onset is dated by day. Most days have several, and an onset on the day of a death counts first.
