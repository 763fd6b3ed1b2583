"""A result of ``doctor`` as OpenMetrics text, for a collector that reads files.

The format is that of https://prometheus.io/docs/specs/om/open_metrics_spec/, as far as Prometheus'
older text format knows it too: node_exporter reads its files by that.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ngrok_scim_cli import __version__
from ngrok_scim_cli.diagnosis.finding import CheckStatus, Result, Verdict
from ngrok_scim_cli.report.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    Labels = Mapping[str, str]
    Sample = tuple[Labels, float | int]

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
    own = {"profile": profile}
    found = Counter((item.code, item.severity.value) for item in result.findings)
    families: list[tuple[str, str, Iterable[Sample]]] = [
        ("info", "What wrote these metrics.", [({**own, "version": __version__}, 1)]),
        (
            "verdict",
            "1 for the verdict of the last run, 0 for the others.",
            [
                ({**own, "verdict": verdict.value}, int(verdict is result.verdict))
                for verdict in Verdict
            ],
        ),
        (
            "check_status",
            "1 for how a check ended, 0 for the other ways.",
            [
                (
                    {**own, "check": item.code, "category": item.category, "status": status.value},
                    int(status is item.status),
                )
                for item in result.checks
                for status in CheckStatus
            ],
        ),
        (
            "findings",
            "How often a finding was found.",
            [
                ({**own, "code": code, "severity": severity}, count)
                for (code, severity), count in found.items()
            ],
        ),
        ("users", "Users that ngrok holds.", _known(own, users)),
        ("users_active", "Users that are not deactivated.", _known(own, active)),
        (
            "key_age_seconds",
            "Age of the SCIM key.",
            _known(own, None if key_age_days is None else key_age_days * _SECONDS_OF_A_DAY),
        ),
        ("duration_seconds", "How long the last run took.", [(own, round(seconds, 3))]),
        (
            "last_run_timestamp_seconds",
            "When the last run ended.",
            [(own, round(finished.timestamp(), 3))],
        ),
    ]
    lines = []
    for name, what, samples in families:
        whole = f"{_PREFIX}_{name}"
        values = [f"{whole}{{{_labels(labels)}}} {value}" for labels, value in samples]
        if values:
            lines += [f"# HELP {whole} {what}", f"# TYPE {whole} gauge", *values]
    return "\n".join([*lines, "# EOF"]) + "\n"


def _known(labels: Labels, value: int | None) -> list[Sample]:
    return [] if value is None else [(labels, value)]


def _labels(labels: Labels) -> str:
    """Return labels with their values escaped."""
    escaped = {
        name: printable(value).replace("\\", "\\\\").replace('"', '\\"')
        for name, value in labels.items()
    }
    return ",".join(f'{name}="{value}"' for name, value in escaped.items())
