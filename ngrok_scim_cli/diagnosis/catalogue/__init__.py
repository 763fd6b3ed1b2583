"""Every finding code, and the one way to make a finding."""

from ngrok_scim_cli.diagnosis.catalogue import (
    account,
    base_url,
    domain,
    environment,
    form,
    key,
    network,
    okta,
    reply,
    users,
)
from ngrok_scim_cli.diagnosis.catalogue.entry import Entry
from ngrok_scim_cli.diagnosis.finding import Finding, Severity

__all__ = ["CATALOGUE", "Entry", "finding"]

CATALOGUE: dict[str, Entry] = {
    entry.code: entry
    for category in (
        environment,
        base_url,
        key,
        form,
        network,
        reply,
        users,
        account,
        domain,
        okta,
    )
    for entry in category.ENTRIES
}


def finding(
    code: str,
    evidence: str,
    *,
    severity: Severity | None = None,
    fix: str | None = None,
    **slots: object,
) -> Finding:
    """Make the finding ``code``.

    Args:
        code: a code of the catalogue.
        evidence: what was seen; never a secret.
        severity: another severity than the catalogue's, where the contract asks for it.
        fix: a more exact fix than the catalogue's.
        slots: what stands in the slots of the entry's texts.

    Raises:
        KeyError: the code is not in the catalogue, or a slot has no value.
    """
    entry = CATALOGUE[code]
    values = {**dict(entry.generic), **slots}
    return Finding(
        code=code,
        severity=severity or entry.severity,
        subject=entry.subject,
        title=entry.title.format_map(values),
        evidence=evidence,
        cause=entry.cause.format_map(values),
        fix=fix or entry.fix.format_map(values),
        more=f"docs/findings.md#{code.lower()}",
    )
