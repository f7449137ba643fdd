# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Models with fixed terms, and a screen {#sec-regression}
#
# What remains of the difference in {{< var model_outcome >}} by {{< var exposure >}} once other
# differences are taken into account? Cox models [@cox1972] with Efron's handling of ties
# [@efron1977] are fitted twice: with terms fixed by parameter (of the embedded cohort those of the
# published analysis [@aldoss2024]), and with the terms that a univariable screen lets in for this cohort.
# Model A holds the exposure, model B the response to it where one is recorded. Patients with a missing covariate are left
# out unless a parameter says otherwise; each model states how many.

# %% tags=["parameters"]
claims: str | None = None  # published numbers to compare, none where empty [file]; None: that of the preset, "data/published.csv" (aldoss_2024), "" (neutral)
preset: str | None = None  # where choices that are not made come from: aldoss_2024 for the embedded cohort, neutral for any other; None: decided from the cohort
exposure: str = "ino"  # exposure compared: ino, or a column of two or more levels
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
model_population: str | None = None  # patients of the multivariable models; None: that of the preset, "responders" (aldoss_2024), "infused" (neutral)
as_published_terms: list | None = None  # fixed covariates of models A and B, by default the article's; None: that of the preset
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary model, known by infusion_date
before_exposure_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive"]  # covariates that the exposure cannot have changed
candidates: list | None = None  # covariates offered to the screen; None: that of the preset
entry_p: float = 0.1  # a candidate enters when its global P is below
forced_terms: list = ["age_decades", "race_ethnicity_collapsed"]  # terms that enter whatever their P
missing_rule: str = "complete_cases"  # missing covariates in models
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())

# %% [markdown]
# ## The univariable screen
#
# A candidate enters if the likelihood-ratio test of the whole factor gives a P below the bound;
# factors of several levels enter whole (@tbl-screen).

# %%
from analysis_lib.topics import regression

screen = regression.screen(study)
regression.words_on_screen(screen)

# %%
#| label: tbl-screen
#| tbl-cap: "Univariable Cox models of {{< var model_outcome >}}, one per candidate."
regression.table_screen(screen)

# %% [markdown]
# ## Two specifications

# %%
fixed = regression.as_published(study)
screened = regression.screened(study)
different = regression.distinct(fixed, screened)
regression.words_on_terms(study, fixed, screened)

# %%
#| label: tbl-models
#| tbl-cap: "Multivariable Cox models of {{< var model_outcome >}}: {{< var fixed_model >}}, and the screened model where its terms differ."
regression.table_beside(*different)

# %% [markdown]
# ## Model A: the exposure

# %%
model_a = fixed.models[0]
regression.words(model_a)

# %% [markdown]
# ## Model B: the response to the exposure

# %%
model_b = regression.model_b(fixed)
regression.words(model_b)

# %% [markdown]
# Patients whose response is not recorded can stay, with a level of their own (@tbl-model-b-unknown).

# %%
#| label: tbl-model-b-unknown
#| tbl-cap: "Model B with fixed terms once more, with an unknown response to the exposure as a level of its own."
unknown_as_level = regression.model_b(fixed, unknown_as_level=True)
regression.table(unknown_as_level)

# %% [markdown]
# ## Refractory against responsive
#
# Model B compares each kind of response with the never exposed. Here patients who did not respond to
# the exposure are compared with those who did, by the contrast of the two in the same model.
#
# Response is a marker and not a cause. Nobody assigned it: a disease that withstood one therapy is likely to
# withstand the next, so that the refractory may do worse than the responsive even if the exposure
# changed nothing [@anderson1983]. The contrast says which patients do worse, not what the exposure
# did to them.
#
# What the exposure cannot have changed can lie behind both the response and the outcome. The state of
# the disease before {{< var infusion >}} may itself follow from the response: adjusting for it takes
# away a part of what the response marks. Remission after {{< var infusion >}} and consolidation, on
# which model B rests, come later still.

# %%
by_response = regression.response_contrast(study)
regression.words_on_response(by_response)

# %%
#| label: tbl-response-contrast
#| tbl-cap: "Hazard ratio of the patients refractory to the exposure against the responsive, crude, adjusted, and from model B."
regression.table_response(by_response)

# %% [markdown]
# ## Diagnostics
#
# Proportional hazards are tested by the score test [@grambsch1994]; collinearity is given as the
# generalised variance inflation per parameter [@fox1992]; the number of events per parameter
# tells how much the data can carry [@peduzzi1995].

# %%
regression.words_on_diagnostics(model_a)

# %%
#| label: tbl-diagnostics
#| tbl-cap: "Diagnostics of the multivariable models, term by term."
regression.table_diagnostics(*[model for one in different for model in one.models])

# %% [markdown]
# ## What a test that is not significant says
#
# It says how little the data can show, not how alike the groups are.

# %%
from analysis_lib import article
from analysis_lib.topics import effect

ladders = [effect.ladder(study, outcome) for outcome in study.parameters.endpoints]
article.words_on_model(study, *ladders)

# %% [markdown]
# ## Limits
#
# - Consolidation, where it is a term, happens after {{< var infusion >}}. Entered as a fixed covariate its hazard ratios are biased
#   towards benefit, and so is whatever is adjusted for it; @sec-consolidation says why.
# - Models fitted in responders, where they are, condition on an event after {{< var infusion >}}; a comparison within them is
#   not a comparison of the groups as they were at {{< var infusion >}}.
# - The screened terms were chosen in the same data; @sec-screening says what that does to their
#   model.
# - Only {{< var model_outcome >}} is modelled here; @sec-effect adjusts every endpoint, for what was known
#   before {{< var infusion >}}.
