# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Missing and unknown {#sec-missing}
#
# What could values that nobody recorded change? They can be left out, filled in, or assumed one way
# and the other. Patients who are missing for want of follow-up are in @fig-sensitivity: where a
# minimum follow-up "or death" was asked for, it is set there against a restriction by the date of
# {{< var infusion >}}.

# %% tags=["parameters"]
claims: str | None = None  # published numbers to compare, none where empty [file]; None: that of the preset, "data/published.csv" (aldoss_2024), "" (neutral)
preset: str | None = None  # where choices that are not made come from: aldoss_2024 for the embedded cohort, neutral for any other; None: decided from the cohort
exposure: str = "ino"  # exposure compared: ino, or a column of two or more levels
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
model_population: str | None = None  # patients of the multivariable models; None: that of the preset, "responders" (aldoss_2024), "infused" (neutral)
as_published_terms: list | None = None  # fixed covariates of models A and B, by default the article's; None: that of the preset
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary model, known by infusion_date
missing_rule: str = "complete_cases"  # missing covariates in models
imputations: int = 100  # completed copies of the patients in multiple imputation
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]
seed: int = 20231030  # seed of every random number

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())

# %% [markdown]
# ## What is missing
#
# A value is missing where the extract records none for a patient whom the variable concerns; what
# does not apply to a patient is not missing. Whether values are missing more often in one group
# is shown by the difference of the shares. A model without a rule for gaps uses the patients with
# every covariate, so that it matters which covariates are missing together.

# %%
from analysis_lib.topics import missing

gaps = missing.shares(study)

# %%
#| label: tbl-missing-data
#| tbl-cap: "Values that are not recorded, of the patients whom the variable concerns, by {{< var exposure_short >}}."
missing.table(gaps)

# %%
#| label: fig-missing-patterns
#| fig-cap: "Covariates of the models that are missing together, from complete cases to the rarest patterns, with the patients of each pattern by {{< var exposure_short >}}."
#| fig-alt: "Grid of tiles, one row a covariate and one column a pattern: dark tiles are missing, empty ones recorded. To the right in how many patients each covariate is missing, below the patients of each pattern, all and by group."
missing.figure(gaps)

# %% [markdown]
# Counts of patients say how much is missing, not why. Values that are missing because of what they
# would have been, such as what was not measured in those too ill for it, cannot be told from the
# extract.

# %% [markdown]
# ## Missing covariates
#
# Complete cases are patients of whom everything happens to be recorded. Multiple
# imputation [@rubin1987] completes the table several times by chained equations [@vanbuuren2011],
# each gap drawn given all other covariates, the exposure, and every endpoint as its event and its
# cumulative hazard [@white2009], without which imputed covariates would be too weakly related to
# the outcome. The models are fitted in every copy and pooled, with degrees of freedom for small
# samples [@barnard1999]. Values are assumed to be missing at random given what is recorded; no
# analysis of these data can prove that. The information missing is the part of what complete data
# would have said of the coefficient.

# %%
imputed = missing.imputed(study)
missing.words_on_imputed(imputed)

# %%
#| label: tbl-imputed
#| tbl-cap: "The hazard ratio by {{< var exposure_short >}} in complete cases and with missing covariates imputed."
missing.table_imputed(imputed)

# %% [markdown]
# Values that are not recorded may be unlike those that are. The imputed values of each incomplete
# covariate are therefore shifted, up and down, in everyone and in the group compared alone
# [@tompsett2018]: a covariate that is missing for what it would have been, and more so in one group,
# confounds. Where a conclusion turns is its tipping point; how far values may be shifted is for
# clinicians to say.

# %%
shifted = missing.shifted(study)
missing.words_on_shifted(shifted)

# %%
#| label: tbl-shifted
#| tbl-cap: "The hazard ratio by {{< var exposure_short >}} with imputed values shifted away from what is recorded."
missing.table_shifted(shifted)

# %% [markdown]
# ## Unknown response to the exposure
#
# Model B of @sec-regression compares groups by their response to the exposure and leaves out patients
# whose response is unknown. Here all of them are put into one group, then all into the other, and, as
# extremes, split by what happened to them later: the hardest assumption of all, and an unlikely one.

# %%

unknown = missing.unknown_response(study)
missing.words_on_unknown(unknown)

# %%
#| label: tbl-unknown-response
#| tbl-cap: "Model B under assumptions on the patients whose response to the exposure is unknown."
missing.table_unknown(unknown)

# %% [markdown]
# ## Responses that nobody assessed
#
# A response rate of the evaluable leaves out patients who died before the assessment. If more of one
# group did, it compares survivors. Counting all of them as non-responders is the customary
# conservative rule; best and worst case enclose every possible value.

# %%
bounds = missing.response_bounds(study)
missing.words_on_bounds(bounds)

# %%
#| label: tbl-response-bounds
#| tbl-cap: "CR or CRi by {{< var exposure_short >}} among the evaluable and under assumptions on the patients who were not."
missing.table_bounds(bounds)

# %% [markdown]
# ## Limits
#
# - A missing value as a level of its own keeps patients and adjusts them poorly; complete cases are
#   unbiased only if being complete does not depend on the outcome given the covariates.
# - Each gap is treated by itself: no row here fills in covariates and assumes responses at once.
