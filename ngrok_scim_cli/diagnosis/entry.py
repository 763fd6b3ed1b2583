"""What a finding code means, in the words that an admin reads."""

from typing import NamedTuple

from ngrok_scim_cli.diagnosis.finding import Certainty, Finding, Severity, Subject

# Where the documentation is: a folder of this project, or the site's address (with "/" at its end)
# once it is published. JSON's `more`, SARIF's `helpUri` and the links of a terminal follow it.
DOCUMENTATION = "docs/"


class Entry(NamedTuple):
    """One row of the catalogue.

    ``title``, ``cause`` and ``fix`` may hold slots like ``{host}``, which the rule fills in.

    Attributes:
        code: the code; never reused for another meaning.
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
        fix: str | None = None,
        **slots: object,
    ) -> Finding:
        """Make a finding of this row.

        Args:
            slots: what fills the slots of the texts.

        Raises:
            KeyError: a slot has no value.
        """
        values = {**dict(self.generic), **slots}
        return Finding(
            code=self.code,
            severity=severity or self.severity,
            subject=self.subject,
            title=self.title.format_map(values),
            evidence=evidence,
            cause=self.cause.format_map(values),
            fix=fix or self.fix.format_map(values),
            more=self.more,
            certainty=self.certainty,
        )
