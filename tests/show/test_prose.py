from __future__ import annotations

import pytest

from analysis_lib.labels import listed
from analysis_lib.show.frequencies import difference_sentence
from analysis_lib.show.prose import Estimate, Prose, escape, hazard_sentence


def hazard(value, low, high):
    return hazard_sentence("the A group", "the B group", "death", Estimate(value, low, high, 0.95))


@pytest.mark.parametrize(
    ("estimate", "says"),
    [
        ((1.62, 1.07, 2.44), "was higher in the A group than in the B group"),
        ((0.40, 0.20, 0.80), "was lower in the A group than in the B group"),
        ((1.20, 0.71, 2.03), "the interval includes a doubled hazard"),
        ((0.80, 0.45, 1.42), "the interval includes a halved hazard"),
        ((1.00, 0.30, 3.00), "the interval includes a halved and a doubled hazard"),
        ((1.00, 0.80, 1.25), "excludes both a halved and a doubled hazard"),
        ((1.40, 1.00, 1.96), "did not differ clearly"),
        ((float("nan"),) * 3, "is not estimable"),
    ],
)
def test_a_hazard_ratio_is_read_by_what_its_interval_holds(estimate, says):
    assert says in hazard(*estimate)


def test_an_unclear_hazard_ratio_is_never_no_effect():
    sentence = hazard(1.20, 0.71, 2.03).lower()
    for wrong in ("no effect", "no difference", "comparable", "not associated", "similar"):
        assert wrong not in sentence


def test_the_interval_names_its_level():
    sentence = hazard_sentence("A", "B", "death", Estimate(1.2, 0.7, 2.0, 0.9))
    assert "hazard ratio 1.20, 90% CI 0.70–2.00" in sentence


def test_lists_and_escapes():
    assert [listed(x) for x in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert escape("<b>*x*</b> [y](z) $m$ @fig-1") == (r"\<b\>\*x\*\</b\> \[y\](z) \$m\$ \@fig-1")


def test_p_is_set_in_italics_and_stays_with_its_value():
    shown = Prose("They differed (P = .013); P < .001. Group P = naive.")._repr_mimebundle_()
    assert shown["text/markdown"] == (
        "They differed (*P*\u00a0=\u00a0.013); *P*\u00a0<\u00a0.001. Group P = naive."
    )


@pytest.mark.parametrize(
    ("estimate", "says"),
    [
        ((0.12, 0.03, 0.21), "Relapse was more frequent in A than in B"),
        ((-0.12, -0.21, -0.03), "Relapse was less frequent in A than in B"),
        ((0.02, -0.08, 0.13), "The frequency of relapse did not differ clearly"),
        ((float("nan"),) * 3, "is not estimable"),
    ],
)
def test_a_difference_is_read_by_its_interval(estimate, says):
    assert says in difference_sentence("relapse", "A", "B", Estimate(*estimate, 0.95), 0.3)


def test_a_difference_shows_p_only_where_the_test_is_its_own():
    estimate = Estimate(0.12, 0.03, 0.21, 0.95)
    assert "P = .30" in difference_sentence("relapse", "A", "B", estimate, 0.3)
    assert "P =" not in difference_sentence("relapse", "A", "B", estimate, None)
