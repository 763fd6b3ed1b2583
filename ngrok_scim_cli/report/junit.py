"""A result as JUnit XML, for CI systems.

The cases are the checks, and the error findings that belong to no failed check; without checks,
the cases are the findings. What could not be verified is an ``error``, not a ``failure``.
XML 1.0 cannot hold control characters or halves of a character: all text is made printable.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree as ET

from ngrok_scim_cli.diagnosis.finding import Check, CheckStatus, Finding, Result, Severity, Verdict
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.report import wording
from ngrok_scim_cli.report.printable import printable


@dataclass(frozen=True, slots=True)
class _Case:
    """One test case: ``kind`` is ``failure``, ``error``, ``skipped``, or empty where it passed."""

    suite: str
    name: str
    kind: str = ""
    message: str = ""
    text: str = ""
    elapsed_ms: int = 0


def render_junit(result: Result) -> str:
    """Return ``result`` as a JUnit XML document; all of it is ASCII."""
    root = ET.Element("testsuites", name=f"ngrok-scim {printable(result.command)}")
    root.attrib.update(_counts([case for part in result.each for case in _cases(part)]))
    del root.attrib["skipped"]  # the schema that Jenkins holds to knows it of a suite alone
    for part in result.each:
        cases = _cases(part)
        of_profile = f"{part.profile}: " if result.profiles else ""
        for name in dict.fromkeys(case.suite for case in cases):
            held = [case for case in cases if case.suite == name]
            root.append(_suite(of_profile + name, held, part.run_facts()))
    ET.indent(root)
    # Letters outside of ASCII become references, which every reader takes.
    body = ET.tostring(root, encoding="us-ascii", xml_declaration=False).decode("ascii")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _cases(result: Result) -> list[_Case]:
    errors = [item for item in result.findings if item.severity is Severity.ERROR]
    if result.checks:
        cases = [_check_case(item) for item in result.checks]
        failed = [item for item in result.checks if item.status is CheckStatus.FAIL]
        reported = {code for check in failed for code in check.codes}
        others = [item for item in errors if item.code not in reported]
        for category, findings in wording.by_category(others, result.checks).items():
            cases += [_finding_case(item, category) for item in findings]
    else:
        cases = [_finding_case(item, result.command) for item in result.findings]
    kind = "error" if result.verdict is Verdict.INCOMPLETE else ""
    if kind or not cases:
        cases.append(_Case(result.command, "verdict", kind, wording.headline(result)))
    return cases


def _check_case(check: Check) -> _Case:
    errors = [item for item in check.findings if item.severity is Severity.ERROR]
    kind, text = "", printable(check.reason)
    if check.status is CheckStatus.FAIL:
        kind = "failure"
        text = "\n\n".join(filter(None, [text, *map(_explanation, errors)]))
    elif check.status in (CheckStatus.SKIP, CheckStatus.UNSUPPORTED):
        kind = "skipped"
    message = check.reason or (errors[0].title if errors else "")
    return _Case(check.category, check.name, kind, message, text, check.elapsed_ms)


def _finding_case(finding: Finding, suite: str) -> _Case:
    kind = "failure" if finding.severity is Severity.ERROR else ""
    name = f"{finding.code} {finding.title}"
    return _Case(suite, name, kind, finding.title, _explanation(finding))


def _explanation(finding: Finding) -> str:
    head = f"{finding.severity.capitalize()} {finding.code}: {finding.title}"
    rows = (f"{label}: {text}" for label, text in wording.finding_rows(finding))
    return "\n".join(map(printable, (head, *rows)))


def _suite(name: str, cases: Sequence[_Case], properties: Mapping[str, str]) -> ET.Element:
    suite = ET.Element("testsuite", name=printable(name))
    suite.attrib.update(_counts(cases))
    if properties:
        held = ET.SubElement(suite, "properties")
        for key, value in properties.items():
            ET.SubElement(held, "property", name=key, value=printable(value))
    for case in cases:
        element = ET.SubElement(
            suite,
            "testcase",
            classname=printable(case.suite),
            name=printable(case.name),
            time=_seconds([case]),
        )
        if case.kind:
            ET.SubElement(element, case.kind, message=printable(case.message)).text = case.text
        elif case.text:
            ET.SubElement(element, "system-out").text = case.text
    return suite


def _counts(cases: Sequence[_Case]) -> dict[str, str]:
    kinds = Counter(case.kind for case in cases)
    return {
        "tests": str(len(cases)),
        "failures": str(kinds["failure"]),
        "errors": str(kinds["error"]),
        "skipped": str(kinds["skipped"]),
        "time": _seconds(cases),
    }


def _seconds(cases: Iterable[_Case]) -> str:
    return f"{sum(case.elapsed_ms for case in cases) / 1000:.3f}"
