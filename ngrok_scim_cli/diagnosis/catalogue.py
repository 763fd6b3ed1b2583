"""Every finding code and what it means. A family is loaded when one of its codes is asked for."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from ngrok_scim_cli.diagnosis.finding import Certainty, Finding, Severity, Subject

# Where the documentation is: a folder of this project, or the site's address (with "/" at its end)
# once it is published. JSON's `more`, SARIF's `helpUri` and the links of a terminal follow it.
DOCUMENTATION = "docs/"

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
    "OKT": ("okta.org", "okta.app", "people.match", "okta.system_log"),
    "REH": ("rehearsal.rules",),
}


class Entry(NamedTuple):
    """One row of the catalogue.

    ``title``, ``cause`` and ``fix`` may hold slots like ``{host}``, which the rule fills in.

    Attributes:
        code: never reused for another meaning.
        generic: the values of the slots where no rule filled them in (``explain``).
        certainty: how surely the cause is known: inferred, unless a source is known.
    """

    code: str
    severity: Severity
    subject: Subject
    title: str
    cause: str
    fix: str
    generic: tuple[tuple[str, str], ...] = ()
    certainty: Certainty = Certainty.INFERRED

    @property
    def more(self) -> str:
        """The page of this code: a file of this project, or its address on the site."""
        end = "/" if DOCUMENTATION.startswith("https://") else ".md"
        return f"{DOCUMENTATION}findings/{self.code.lower()}{end}"

    def finding(
        self,
        evidence: str,
        *,
        severity: Severity | None = None,
        title: str = "",
        fix: str | None = None,
        **slots: object,
    ) -> Finding:
        """Make a finding of this row; ``slots`` fill the slots of its texts.

        Raises:
            KeyError: a slot has no value.
        """
        values = {**dict(self.generic), **slots}
        return Finding(
            code=self.code,
            severity=severity or self.severity,
            subject=self.subject,
            title=title or self.title.format_map(values),
            evidence=evidence,
            cause=self.cause.format_map(values),
            fix=fix or self.fix.format_map(values),
            more=self.more,
            certainty=self.certainty,
        )


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


def finding(code: str, evidence: str, **about: Any) -> Finding:  # noqa: ANN401 - see Entry.finding
    """Make the finding ``code``; see ``Entry.finding``."""
    return CATALOGUE[code].finding(evidence, **about)
