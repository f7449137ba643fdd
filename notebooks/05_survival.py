# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Survival {#sec-survival}
#
# Did progression-free survival (PFS) and overall survival (OS) differ by {{< var exposure >}},
# by the response to it, and by its timing? The clock starts at infusion. A PFS event is relapse
# or death, whichever is first; patients alive without relapse are censored at last contact, at
# most at the data lock, and transplantation does not censor. Curves are Kaplan-Meier estimates
# [@kaplan1958] with log-log intervals, compared by the unweighted log-rank test [@mantel1966].

# %% tags=["parameters"]
cohort: str = ""

# %%
from analysis_lib.analyses import (
    survival_by_exposure,
    survival_by_response,
    survival_by_timing,
)
from analysis_lib.cohort import open_study
from analysis_lib.figures import plot_kaplan_meier
from analysis_lib.narrative import describe_survival
from analysis_lib.tables import table_survival

study = open_study(globals())
endpoints = study.parameters.endpoints

# %% [markdown]
# ## By exposure

# %%
by_exposure = [survival_by_exposure(study, outcome) for outcome in endpoints]
describe_survival(*by_exposure)

# %%
#| label: fig-survival-exposure
#| fig-cap: "Survival from infusion by {{< var exposure >}}, with numbers at risk."
#| fig-alt: "Kaplan-Meier curves for each survival endpoint, one curve per group with its interval band, above a table of the numbers at risk."
plot_kaplan_meier(*by_exposure)

# %%
#| label: tbl-survival-exposure
#| tbl-cap: "Survival from infusion by {{< var exposure >}}."
table_survival(*by_exposure)

# %% [markdown]
# ## By response to the exposure
#
# The test compares the exposed who did not respond to the exposure with those who did; the
# never exposed are drawn beside them and take no part in it.

# %%
by_response = [survival_by_response(study, outcome) for outcome in endpoints]
describe_survival(*by_response)

# %%
#| label: fig-survival-response
#| fig-cap: "Survival from infusion by {{< var exposure >}} and the response to it, with numbers at risk."
#| fig-alt: "Kaplan-Meier curves for each survival endpoint: never exposed, responding and refractory, above a table of the numbers at risk."
plot_kaplan_meier(*by_response)

# %%
#| label: tbl-survival-response
#| tbl-cap: "Survival from infusion by the response to the exposure."
table_survival(*by_response)

# %% [markdown]
# ## By timing of the exposure

# %%
by_timing = [survival_by_timing(study, outcome) for outcome in endpoints]
describe_survival(*by_timing)

# %%
#| label: fig-survival-timing
#| fig-cap: "Survival from infusion of the exposed by the timing of the exposure, with numbers at risk."
#| fig-alt: "Kaplan-Meier curves for each survival endpoint by timing of the exposure, above a table of the numbers at risk."
plot_kaplan_meier(*by_timing)

# %%
#| label: tbl-survival-timing
#| tbl-cap: "Survival from infusion of the exposed by the timing of the exposure."
table_survival(*by_timing)

# %% [markdown]
# ## Limits
#
# - The curves are unadjusted. @sec-cohort shows how the groups differed before infusion.
# - Kaplan-Meier curves of PFS and OS are estimated with different censoring. A PFS estimate
#   above the OS estimate at the same time is unusual but possible, although no patient's PFS
#   exceeds that patient's OS.
# - Response to an earlier therapy is a marker of the disease; a difference by it is no effect
#   of that therapy.
