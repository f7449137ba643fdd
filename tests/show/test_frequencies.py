import pytest

from analysis_lib.show.frequencies import difference_sentence
from analysis_lib.show.prose import Estimate


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
