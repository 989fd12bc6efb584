"""Any text survives in PostgreSQL, and stays itself."""

from hypothesis import given
from hypothesis import strategies as st

from primetui.adapters.postgres.spelling import spelled, unspelled

TEXTS = st.text(alphabet=st.sampled_from("a0\\\0ué")) | st.text()


@given(TEXTS)
def test_a_text_comes_back(text: str) -> None:
    """What PostgreSQL cannot hold is spelled with what it can, and read back."""
    kept = spelled(text)

    assert "\0" not in kept
    assert text == unspelled(kept)


@given(TEXTS, TEXTS)
def test_different_texts_stay_different(one: str, other: str) -> None:
    """No two ids become one."""
    assert (one == other) == (spelled(one) == spelled(other))


def test_half_a_surrogate_pair_is_spelled_out() -> None:
    """What an operator types in broken bytes finds nothing, and breaks nothing."""
    assert "111\\udcff" == unspelled(spelled("111\udcff"))
