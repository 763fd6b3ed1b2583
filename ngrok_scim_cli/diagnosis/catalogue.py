"""Every finding code. A family is loaded when one of its codes is asked for."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from ngrok_scim_cli.diagnosis.entry import Entry
from ngrok_scim_cli.diagnosis.finding import Finding, Severity

__all__ = ["CATALOGUE", "FAMILIES", "Entry", "finding"]

# The modules of each family of codes; their ``ENTRIES`` are the family's rows.
FAMILIES = {
    "ENV": ("environment",),
    "URL": ("values.base_url_rules",),
    "KEY": ("values.key_rules",),
    "FRM": ("values.form_rules",),
    "NET": ("endpoint.reply_failure",),
    "SCM": ("endpoint.reply_status", "endpoint.reply_list", "endpoint.person_reply"),
    "USR": ("people.user_rules",),
    "NGR": ("ngrok.account",),
    "DOM": ("ngrok.domains",),
    "OKT": ("okta.org", "okta.app", "okta.user_name_format", "people.match", "okta.system_log"),
    "REH": ("rehearsal.rules",),
}


@cache
def _family(prefix: str) -> dict[str, Entry]:
    modules = (import_module(f"ngrok_scim_cli.diagnosis.{name}") for name in FAMILIES[prefix])
    entries: list[Entry] = [entry for module in modules for entry in module.ENTRIES]
    return {entry.code: entry for entry in sorted(entries, key=lambda entry: entry.code)}


class _Catalogue(Mapping[str, Entry]):
    """Code to entry, family by family, and within a family by number."""

    def __getitem__(self, code: str) -> Entry:
        if code[:3] not in FAMILIES:
            raise KeyError(code)
        return _family(code[:3])[code]

    def __iter__(self) -> Iterator[str]:
        for prefix in FAMILIES:
            yield from _family(prefix)

    def __len__(self) -> int:
        return sum(len(_family(prefix)) for prefix in FAMILIES)


CATALOGUE: Mapping[str, Entry] = _Catalogue()


def finding(
    code: str,
    evidence: str,
    *,
    severity: Severity | None = None,
    fix: str | None = None,
    **slots: object,
) -> Finding:
    """Make the finding ``code``; see ``Entry.finding``."""
    return CATALOGUE[code].finding(evidence, severity=severity, fix=fix, **slots)
