# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # What the screen is worth {#sec-screening}
#
# Can the screened model of @sec-regression be believed? Its intervals ignore that its terms were chosen by
# their P values in the same data [@harrell1996; @steyerberg1999], and a confounder may fail a screen
# that a model of all covariates would keep [@sun1996]. Three questions show how much that matters here.

# %% tags=["parameters"]
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
model_population: str | None = None  # patients of the multivariable models; None: that of the preset, "responders" (aldoss_2024), "infused" (neutral)
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary model, known by infusion_date
candidates: list | None = None  # covariates offered to the screen; None: that of the preset
entry_p: float = 0.1  # a candidate enters when its global P is below
forced_terms: list = ["age_decades", "race_ethnicity_collapsed"]  # terms that enter whatever their P
missing_rule: str = "complete_cases"  # missing covariates in models
bootstrap_resamples: int = 1000  # resamples of every bootstrap
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]
seed: int = 20231030  # seed of every random number

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())

# %% [markdown]
# ## Would other patients have given the same model?
#
# The patients of the models are drawn with replacement and the screen is repeated in every resample
# [@sauerbrei1992; @heinze2018]. Each resample gives the exposure's hazard ratio twice: in the model that
# it selects, and with the terms of all patients. What the first varies more than the second comes
# from the selection. Patients are assumed to be independent of each other.

# %%
from analysis_lib.topics import screening

stability = screening.stability(study, screening.resamples(study))
screening.words(stability)

# %%
#| label: tbl-screen-stability
#| tbl-cap: "Selection of each candidate in bootstrap resamples, and the hazard ratio by {{< var exposure_short >}} over them."
screening.table(stability)

# %% [markdown]
# ## What is its interval worth?
#
# Cohorts are simulated in which the exposure changes nothing: patients keep their groups and
# covariates [@franklin2014], and their times are drawn from a Cox model of their own without the
# exposure's effect. In one truth the covariates of the primary model of @sec-effect act on the
# hazard, which is what that model assumes; in the other all candidates act as well, which is what
# it leaves out. In every cohort the screen is repeated, and the primary model's terms are fitted as
# they are. Bias and coverage come with their Monte Carlo errors [@morris2019]. Both truths are made
# from these data: the simulation shows what the procedure does, not what is true of the patients.

# %%
coverage = screening.coverage(study, screening.simulation(study))
screening.words_on_coverage(coverage)

# %%
#| label: tbl-screen-coverage
#| tbl-cap: "Bias and coverage of the exposure's hazard ratio in simulated cohorts in which the exposure changes nothing, screened and with fixed terms."
screening.table_coverage(coverage)

# %% [markdown]
# ## And without a screen?
#
# All candidates enter at once. Ridge [@verweij1994] shrinks their coefficients, in units of their
# standard deviations, by the penalty that best predicts patients left out of the fit
# [@verweij1993], and leaves the exposure's own alone. It trades a little adjustment for stability: a
# confounder that is shrunk confounds again in part. Firth's penalty [@firth1993; @heinze2001] takes the
# bias of few events out of all coefficients and keeps them finite where a group has no event; its
# interval is that of the profile penalised likelihood.

# %%

penalised = screening.penalised(study)
screening.words_on_penalised(penalised)

# %%
#| label: tbl-penalised
#| tbl-cap: "The hazard ratio of {{< var model_outcome >}} by {{< var exposure_short >}} after the screen and with all candidates, shrunk and not."
screening.table_penalised(penalised)

# %% [markdown]
# ## Limits
#
# - Terms chosen by their P value in the same data have hazard ratios too far from 1 and intervals
#   too narrow; @tbl-screen-coverage is about the exposure alone, which is in every model.
# - The simulation knows the covariates of these data and no other: what nobody recorded confounds
#   in no cohort of it.
