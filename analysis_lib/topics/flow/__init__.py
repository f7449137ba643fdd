"""Who was studied: eligibility, the flow of patients, and how the exposure was given."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "patients": "numbers:patient_flow",
        "doses": "numbers:exposure_doses",
        "figure": "figure:plot_flow",
        "table": "table:table_attrition",
        "table_doses": "table:table_doses",
        "words": "words:describe_flow",
    },
)
