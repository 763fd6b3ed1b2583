"""A result as SARIF 2.1.0 (OASIS, 27 March 2020), for code scanning and other collectors.

A finding is about a field of a form and not about a file. Its field is named as a logical location;
because some collectors drop what has no file, each result also points to one artifact in place of
the form, which exists nowhere.
"""

from collections import Counter
from collections.abc import Iterator

from ngrok_scim_cli import __version__
from ngrok_scim_cli.diagnosis.finding import Finding, Result, Severity, Verdict
from ngrok_scim_cli.report import wording
from ngrok_scim_cli.report.json_report import to_json
from ngrok_scim_cli.report.printable import printable

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

# No file of any repository, but Okta's form.
ARTIFACT = "okta-scim-connection"

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "note"}


def render_sarif(result: Result) -> str:
    """Return ``result`` as a SARIF log with one run, or one for each profile."""
    runs = [_run(item) for item in result.each]
    return to_json({"$schema": SCHEMA, "version": "2.1.0", "runs": runs})


def _run(result: Result) -> dict[str, object]:
    first = {item.code: item for item in reversed(result.findings)}
    codes = list(dict.fromkeys(item.code for item in result.findings))
    began = result.began
    # The category of the run, then what tells this run from others (3.17.3).
    parts = ("ngrok-scim", _message(result.command), _message(result.profile))
    return {
        "tool": {
            "driver": {
                "name": "ngrok-scim",
                "version": __version__,
                "rules": [_rule(first[code]) for code in codes],
            }
        },
        "automationDetails": {"id": f"{'/'.join(filter(None, parts))}/{began or ''}"},
        "invocations": [
            {
                "executionSuccessful": result.verdict is not Verdict.INCOMPLETE,
                **({"startTimeUtc": began} if began else {}),
            }
        ],
        "artifacts": [
            {
                "location": {"uri": ARTIFACT},
                "description": {"text": "Stands for the values in Okta's form; it is no file."},
            }
        ],
        "results": [
            _result(item, codes.index(item.code), number) for item, number in _numbered(result)
        ],
        "properties": {
            "command": result.command,
            "verdict": result.verdict.value,
            **result.run_facts(),
        },
    }


def _numbered(result: Result) -> Iterator[tuple[Finding, int]]:
    """Give each finding with its number among those of the same code and subject."""
    seen = Counter[tuple[str, str]]()
    for finding in result.findings:
        key = (finding.code, finding.subject.value)
        seen[key] += 1
        yield finding, seen[key]


def _rule(finding: Finding) -> dict[str, object]:
    rule: dict[str, object] = {
        "id": finding.code,
        "shortDescription": {"text": _message(finding.title)},
        "fullDescription": {"text": _message(finding.cause)},
        "help": {"text": _message(f"{finding.fix} More: ngrok-scim explain {finding.code}")},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
    }
    # SARIF asks for an absolute address (3.49.12).
    if finding.more.startswith("https://"):
        rule["helpUri"] = finding.more
    return rule


def _result(finding: Finding, rule_index: int, number: int) -> dict[str, object]:
    subject = finding.subject.value
    return {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(f"{finding.title}. {finding.evidence} {finding.fix}")},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": ARTIFACT, "index": 0},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [
                    {
                        "name": wording.where(finding) or subject,
                        "fullyQualifiedName": f"{ARTIFACT}/{subject}",
                        "kind": "member",
                    }
                ],
            }
        ],
        # What was seen may differ from run to run; the finding is still the same one.
        "partialFingerprints": {"finding/v1": f"{finding.code}:{subject}:{number}"},
    }


def _message(text: str) -> str:
    """Return ``text`` without the one markup that a plain message may hold: links (3.11.6)."""
    return printable(text).replace("](", "] (")
