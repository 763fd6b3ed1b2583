"""Any JSON value, bounded: Hypothesis remembers each choice of each example that it ever made.

Without bounds an example is 2 KB long, makes 85 KB of memory and takes 15 ms, so that 10,000 of
them take minutes and most of a gigabyte.
"""

from __future__ import annotations

from hypothesis import strategies as st

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
_NAMES = st.text(max_size=9)


def json_values(
    names: st.SearchStrategy[str] = _NAMES, texts: st.SearchStrategy[str] | None = None
) -> st.SearchStrategy[object]:
    """Return values of any shape, in whose objects ``names`` stand, and ``texts`` among others."""
    return st.recursive(
        _SCALARS if texts is None else _SCALARS | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
        max_leaves=12,
    )
