"""How surely a cause is known. Apart from the records, so that `explain` need not load them."""

from enum import StrEnum


class Certainty(StrEnum):
    """How surely something is known."""

    DOCUMENTED = "documented"
    VENDOR = "vendor"
    OBSERVED = "observed"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


# What to say of a cause that is not documented.
HOW_SURELY = {
    Certainty.VENDOR: "(A vendor's guide says so; this is not confirmed.)",
    Certainty.OBSERVED: "(This was seen, but is not documented.)",
    Certainty.INFERRED: "(This is our conclusion.)",
    Certainty.UNKNOWN: "(This is not known for sure.)",
}
