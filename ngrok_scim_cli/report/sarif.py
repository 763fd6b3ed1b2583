"""A result as SARIF 2.1.0 (OASIS, 27 March 2020), for code scanning and other collectors.

A finding is about a field of a form and not about a file. Its field is named as a logical location;
because some collectors drop what has no file, each result also points to one artifact in place of
the form, which exists nowhere.
"""

from collections import Counter

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
    """Return a ``run`` object (SARIF 2.1.0 section 3.14)."""
    began = result.began
    # The category of the run, then what tells this run from others (3.17.3).
    parts = ("ngrok-scim", _plain(result.command), _plain(result.profile))
    rules: dict[str, dict[str, object]] = {}
    results = []
    numbers = Counter[tuple[str, str]]()
    for finding in result.findings:
        rules.setdefault(finding.code, _rule(finding))
        subject = finding.subject.value
        numbers[finding.code, subject] += 1
        place = {
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
        # What was seen may differ from run to run; the finding is still the same one.
        fingerprint = f"{finding.code}:{subject}:{numbers[finding.code, subject]}"
        results.append(
            {
                "ruleId": finding.code,
                "ruleIndex": list(rules).index(finding.code),
                "level": _LEVELS[finding.severity],
                "message": _text(f"{finding.title}. {finding.evidence} {finding.fix}"),
                "locations": [place],
                "partialFingerprints": {"finding/v1": fingerprint},
            }
        )
    driver = {"name": "ngrok-scim", "version": __version__, "rules": list(rules.values())}
    invocation = {"executionSuccessful": result.verdict is not Verdict.INCOMPLETE}
    form = _text("Stands for the values in Okta's form; it is no file.")
    facts = {"command": result.command, "verdict": result.verdict.value}
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"{'/'.join(filter(None, parts))}/{began or ''}"},
        "invocations": [{**invocation, "startTimeUtc": began} if began else invocation],
        "artifacts": [{"location": {"uri": ARTIFACT}, "description": form}],
        "results": results,
        "properties": {**facts, **result.run_facts()},
    }


def _rule(finding: Finding) -> dict[str, object]:
    # SARIF asks for an absolute address (3.49.12).
    is_absolute = finding.more.startswith("https://")
    return {
        "id": finding.code,
        "shortDescription": _text(finding.title),
        "fullDescription": _text(finding.cause),
        "help": _text(f"{finding.fix} More: ngrok-scim explain {finding.code}"),
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        **({"helpUri": finding.more} if is_absolute else {}),
    }


def _text(text: str) -> dict[str, str]:
    return {"text": _plain(text)}


def _plain(text: str) -> str:
    """Return ``text`` without the one markup that a plain message may hold: links (3.11.6)."""
    return printable(text).replace("](", "] (")
