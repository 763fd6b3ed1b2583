"""A result of ``doctor`` as OpenMetrics text, for a collector that reads files.

The format is that of https://prometheus.io/docs/specs/om/open_metrics_spec/, as far as Prometheus'
older text format knows it too: node_exporter reads its files by that.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from ngrok_scim_cli import __version__
from ngrok_scim_cli.diagnosis.finding import CheckStatus, Result, Verdict
from ngrok_scim_cli.report.printable import printable

_Sample = tuple[Mapping[str, str], float | int | None]

_PREFIX = "ngrok_scim_doctor"
_SECONDS_OF_A_DAY = 86_400


def render_openmetrics(
    result: Result,
    *,
    profile: str,
    finished: datetime,
    seconds: float,
    users: int | None = None,
    active: int | None = None,
    key_age_days: int | None = None,
) -> str:
    """Return the metrics of a run, which end with ``# EOF``.

    There are no names of people in them, and no text of a server's: labels are codes of ours.
    """
    statuses = [
        ({"check": item.code, "category": item.category, "status": one.value}, one is item.status)
        for item in result.checks
        for one in CheckStatus
    ]
    found = Counter((item.code, item.severity.value) for item in result.findings)
    counts = [({"code": code, "severity": severity}, n) for (code, severity), n in found.items()]
    key_age_s = None if key_age_days is None else key_age_days * _SECONDS_OF_A_DAY
    finished_s = round(finished.timestamp(), 3)
    families: tuple[tuple[str, str, Sequence[_Sample]], ...] = (
        ("info", "What wrote these metrics.", [({"version": __version__}, 1)]),
        (
            "verdict",
            "1 for the verdict of the last run, 0 for the others.",
            [({"verdict": one.value}, one is result.verdict) for one in Verdict],
        ),
        ("check_status", "1 for how a check ended, 0 for the other ways.", statuses),
        ("findings", "How often a finding was found.", counts),
        ("users", "Users that ngrok holds.", [({}, users)]),
        ("users_active", "Users that are not deactivated.", [({}, active)]),
        ("key_age_seconds", "Age of the SCIM key.", [({}, key_age_s)]),
        ("duration_seconds", "How long the last run took.", [({}, round(seconds, 3))]),
        ("last_run_timestamp_seconds", "When the last run ended.", [({}, finished_s)]),
    )
    lines = []
    for name, what, samples in families:
        whole = f"{_PREFIX}_{name}"
        values = [
            f"{whole}{{{_labels({'profile': profile, **labels})}}} {+value}"  # of a bool, 0 or 1
            for labels, value in samples
            if value is not None
        ]
        if values:
            lines += [f"# HELP {whole} {what}", f"# TYPE {whole} gauge", *values]
    return "\n".join([*lines, "# EOF"]) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    """Return labels with their values escaped."""
    return ",".join(
        '{}="{}"'.format(name, printable(value).replace("\\", "\\\\").replace('"', '\\"'))
        for name, value in labels.items()
    )
