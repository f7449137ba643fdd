"""What the adjusted comparison can carry."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "gate": "checks of the adjusted comparison",
        "gate_balance": "check of the adjusted comparison: balance after weighting",
        "gate_unheld": "the same: differences at baseline that the primary model does not hold",
        "gate_events": "the same: patients, events and parameters of the primary model",
        "gate_hazards": "the same: proportional hazards",
        "gate_missing": "the same: missing covariates",
        "gate_recorded": "the same: covariates that the extract lacks",
        "gate_known": "the same: variables of which it is not stated when they are known",
        "gate_missing_rule": "the same: rules for missing values that decide otherwise",
        "gate_positivity": "the same: extreme propensities",
        "gate_selection": "the same: who never reached time zero",
        "gate_completeness": "the same: follow-up observed in each group",
        "gate_differential_follow_up": "the same: difference of it between the groups",
        "gate_clusters": "the same: centres behind the errors by centre",
    },
    statistics={
        "checks_asked": "checks of what a conclusion needs",
        "checks_passed": "of these, passed",
        "worst": "worst value that a check found",
        "passes_at": "bound up to which a check is passed",
        "fails_beyond": "bound beyond which a check fails",
        "patients_needed": "patients for whom shrinkage and optimism would be as small as asked",
        "events_needed": "events among them",
        "risk_margin": "half the interval of everyone's risk at the last landmark",
        "verdict": "0 pass, 1 caution, 2 fail, 3 not assessed",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "checks": "numbers:gate",
        "table": "table:table_gate",
        "words": "words:describe_gate",
    },
    words=WORDS,
    parts="numbers:parts",
)
__getattr__, __dir__ = TOPIC.face()
