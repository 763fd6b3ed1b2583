"""A result as JUnit XML, for CI systems.

The cases are the checks, and the error findings that belong to no failed check; without checks,
the cases are the findings. What could not be verified is an ``error``, not a ``failure``.
XML 1.0 cannot hold control characters or halves of a character: all text is made printable.
"""

from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Finding, Result, Severity, Verdict
from ngrok_scim_cli.report import wording
from ngrok_scim_cli.report.printable import printable


def render_junit(result: Result) -> str:
    """Return ``result`` as a JUnit XML document; all of it is ASCII."""
    root = ET.Element("testsuites", name=f"ngrok-scim {printable(result.command)}")
    for part in result.each:
        of_profile = f"{part.profile}: " if result.profiles else ""
        suites: dict[str, list[ET.Element]] = {}
        for case in _cases(part):
            suites.setdefault(case.attrib["classname"], []).append(case)
        for name, cases in suites.items():
            suite = ET.SubElement(root, "testsuite", name=printable(of_profile) + name)
            if facts := part.run_facts():
                properties = ET.SubElement(suite, "properties")
                for key, value in facts.items():
                    ET.SubElement(properties, "property", name=key, value=printable(value))
            suite.extend(cases)
            _count(suite)
    _count(root)
    del root.attrib["skipped"]  # Jenkins' schema has it for a suite only
    ET.indent(root)
    # Letters outside of ASCII become references, which every reader takes.
    body = ET.tostring(root, encoding="us-ascii", xml_declaration=False).decode("ascii")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _cases(result: Result) -> Iterator[ET.Element]:
    yield from map(_check_case, result.checks)
    findings = {result.command: list(result.findings)}
    if result.checks:
        failed = [item for item in result.checks if item.status is CheckStatus.FAIL]
        reported = {code for check in failed for code in check.codes}
        others = [item for item in _errors(result.findings) if item.code not in reported]
        findings = wording.by_category(others, result.checks)
    for suite, items in findings.items():
        for item in items:
            kind = "failure" if item.severity is Severity.ERROR else ""
            name = f"{item.code} {item.title}"
            yield _case(suite, name, kind, item.title, _explanation(item))
    incomplete = result.verdict is Verdict.INCOMPLETE
    if incomplete or not (result.checks or result.findings):
        kind = "error" if incomplete else ""
        yield _case(result.command, "verdict", kind, wording.headline(result))


def _check_case(check: Check) -> ET.Element:
    errors = _errors(check.findings)
    kind, text = "", printable(check.reason)
    if check.status is CheckStatus.FAIL:
        kind = "failure"
        text = "\n\n".join(filter(None, [text, *map(_explanation, errors)]))
    elif check.status in (CheckStatus.SKIP, CheckStatus.UNSUPPORTED):
        kind = "skipped"
    message = check.reason or (errors[0].title if errors else "")
    return _case(check.category, check.name, kind, message, text, check.elapsed_ms)


def _errors(findings: tuple[Finding, ...]) -> list[Finding]:
    return [item for item in findings if item.severity is Severity.ERROR]


def _explanation(finding: Finding) -> str:
    head = f"{finding.severity.capitalize()} {finding.code}: {finding.title}"
    rows = (f"{label}: {text}" for label, text in wording.finding_rows(finding))
    return "\n".join(map(printable, (head, *rows)))


def _case(
    suite: str, name: str, kind: str, message: str, text: str = "", elapsed_ms: int = 0
) -> ET.Element:
    """Return a case: ``kind`` is ``failure``, ``error``, ``skipped``, or empty if it passed."""
    names = {"classname": printable(suite), "name": printable(name)}
    case = ET.Element("testcase", names, time=f"{elapsed_ms / 1000:.3f}")
    if kind:
        ET.SubElement(case, kind, message=printable(message)).text = text
    elif text:
        ET.SubElement(case, "system-out").text = text
    return case


def _count(suite: ET.Element) -> None:
    """Set the attributes that count the cases in ``suite``."""
    cases = list(suite.iter("testcase"))
    kinds = Counter(child.tag for case in cases for child in case)
    suite.set("tests", str(len(cases)))
    for name, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(kinds[kind]))
    suite.set("time", f"{sum(float(case.attrib['time']) for case in cases):.3f}")
