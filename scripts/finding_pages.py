"""docs/findings.md and docs/findings/CODE.md: what the rules and the tables of their tests say."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE, Entry
from ngrok_scim_cli.diagnosis.finding import Certainty, Severity
from ngrok_scim_cli.doctor.run import PLANS
from ngrok_scim_cli.sandbox import FAULTS
from tests.cli.test_mistakes import ALONE
from tests.corpus.cases import ONE_USER, Case, read_cases
from tests.diagnosis.ngrok import test_domains
from tests.diagnosis.values import test_base_url_rules, test_form_rules, test_key_rules
from tests.support.examined import APPROVED

CATEGORIES = {
    "ENV": "This machine",
    "URL": "SCIM connector base URL",
    "KEY": "Authorization",
    "FRM": "The other fields of Okta's form",
    "NET": "Reaching the endpoint",
    "SCM": "The reply",
    "USR": "The users",
    "NGR": "The ngrok account",
    "DOM": "Domains",
    "OKT": "The Okta org and app",
    "REH": "The rehearsal",
}
SEVERITIES = {
    Severity.ERROR: "**Error.** Provisioning does not work until this is repaired.",
    Severity.WARNING: "**Warning.** It works, but something is likely to go wrong.",
    Severity.NOTICE: "**Notice.** Nothing is wrong, but it is good to know.",
}
CERTAINTIES = {
    Certainty.DOCUMENTED: "Okta, ngrok or a standard documents it.",
    Certainty.VENDOR: "A vendor's guide says so. Nobody has confirmed it.",
    Certainty.OBSERVED: "It was seen, but nobody documents it.",
    Certainty.INFERRED: "It is our conclusion from what is documented.",
    Certainty.UNKNOWN: "It is not known for sure.",
}

# The fields of a case that say what is typed or how the server behaves, with the name of each.
GIVEN = {
    "base_url": "SCIM connector base URL",
    "key": "Authorization",
    "key_file": "The file with the key",
    "no_key": "There is no key",
    "unique_id": "Unique identifier field for users",
    "auth_mode": "Authentication Mode",
    "actions": "Supported provisioning actions",
    "environment": "Environment",
    "okta_message": "Okta showed",
    "reply": "The server answers the list with",
    "lookup": "The server answers a look-up with",
    "elsewhere": "The server answers elsewhere with",
    "behaviour": "The server",
    "garbage": "It answers",
    "port": "The port is",
    "tls": "The certificate is",
    "resigned": "Only this machine trusts the authority",
    "proxy": "The proxy",
    "seconds": "Seconds until the answer",
}
# What the good example has in the place of each; the others are left out there.
GOOD = {
    "base_url": "http://127.0.0.1:40123/scim/v2/",
    "key": "KEY",
    "unique_id": "email",
    "auth_mode": "HTTP Header",
    "actions": ["Push New Users", "Push Profile Updates"],
    "reply": f"200 `{ONE_USER}`",
    "lookup": f"200 `{ONE_USER}`",
    "tls": "trusted",
    "proxy": "passes",
}
# How the pieces of a key in a case are shown: a page holds nothing that looks like a key.
PIECES = {
    "{root}": "http://127.0.0.1:40123",
    "{host}": "127.0.0.1:40123",
    "{port}": "40123",
    "{key}": "KEY",
    "{first}": "FIRST-HALF",
    "{second}": "SECOND-HALF",
    "{second_start}": "SECOND-",
    "{second_end}": "HALF",
    "{other_key}": "KEY-OF-ANOTHER-ACCOUNT",
    "{admin_key}": "ADMIN-KEY",
    "{authtoken}": "AUTHTOKEN",
    "{basic}": "KEY-IN-BASE64",
    "{authorization}": "Bearer KEY",
    test_key_rules.KEY: "KEY",
}
# The tables of tests: the module, its parameters, and what is typed.
TABLES = (
    (test_key_rules, ("typed", "expected"), "Authorization"),
    (test_base_url_rules, ("base_url", "expected"), "SCIM connector base URL"),
    (test_form_rules, ("identifier", "expected"), "Unique identifier field for users"),
    (test_form_rules, ("actions", "expected"), "Supported provisioning actions"),
    (test_domains, ("typed", "name", "found"), "Domain"),
)
LONGEST = 400
# The command and the fault that show a code, where `doctor` or the fault with the fewest codes do
# not.
SHOWN_BY = {
    "NGR715": ("setup --sandbox --no-input", "key-limit"),
    "REH005": ("rehearse --sandbox --dialect patch", "patch-refused"),
    "USR609": ("doctor --sandbox", "list-capped"),
}
# What the sandbox shows without a fault, too: it answers as ngrok does.
WITHOUT_A_FAULT = {"REH014"}
# What takes a profile besides the fault.
OF_THE_PROFILE = {"USR606"}


def finding_pages(docs: Path) -> Iterator[tuple[Path, str]]:
    """Return the index, and the page of each code."""
    yield docs / "findings.md", index()
    for code, entry in CATALOGUE.items():
        yield docs / "findings" / f"{code.lower()}.md", page(entry)
    yield docs / "mistakes.md", mistakes((docs / "mistakes.md").read_text(encoding="utf-8"))


def index() -> str:
    """Return docs/findings.md: a table of the codes of each family."""
    lines = [
        "# Findings",
        "",
        "Every code that `ngrok-scim` can report. A code never changes its meaning.",
        "`ngrok-scim explain CODE` prints the same offline.",
    ]
    for prefix, title in CATEGORIES.items():
        lines += ["", f"## {title}", "", "| code | finding | severity |", "| --- | --- | --- |"]
        lines += [
            f"| [{code}](findings/{code.lower()}.md) | {_title(entry)} | {entry.severity} |"
            for code, entry in CATALOGUE.items()
            if code.startswith(prefix)
        ]
    return "\n".join(lines) + "\n"


def mistakes(page: str) -> str:
    """Return docs/mistakes.md with every code, each with its title.

    A code without a row gets one at the end of its family, proved by the table that has it, or by
    the test of the row above.
    """
    for code, entry in CATALOGUE.items():
        row = re.compile(rf"^\| .+ \| ({code[:3]}\d{{3}}) \| (`tests/.+`) \|\n", re.MULTILINE)
        rows = list(row.finditer(page))
        found = next((row for row in rows if row[1] == code), rows[-1])
        start = found.start() if found[1] == code else found.end()
        in_table = None if found[1] == code else _in_table(code)
        proof = f"`{in_table.proof}`" if in_table else found[2]
        new = f"| {_title(entry)} | {code} | {proof} |\n"
        page = page[:start] + new + page[found.end() :]
    return page


def _title(entry: Entry) -> str:
    title = entry.finding("").title
    return title[0].upper() + title[1:]


def page(entry: Entry) -> str:
    """Return the page of one code."""
    told = entry.finding("")
    code = entry.code
    category = CATEGORIES[code[:3]]
    anchor = re.sub(r"[^\w\- ]", "", category.lower()).replace(" ", "-")
    fails, passes = examples(code)
    lines = [
        f"# {code}: {_title(entry)}",
        "",
        f"[Findings](../findings.md) > [{category}](../findings.md#{anchor})",
        "",
        SEVERITIES[entry.severity],
        "",
        "## Why",
        "",
        told.cause,
        "",
        f"How certain this is: *{entry.certainty}*. {CERTAINTIES[entry.certainty]}",
        "",
        "## How to fix it",
        "",
        told.fix,
        "",
        "## Example",
        "",
        *fails,
    ]
    if passes:
        lines += ["", "## Correct", "", *passes]
    lines += ["", "## How to look for it", "", *where(code)]
    return "\n".join(lines) + "\n"


def where(code: str) -> list[str]:
    """Return which checks of `doctor` find a code, and the command that explains it."""
    checks = [plan.code for plan in PLANS if code in plan.finds]
    lines = [f"- `ngrok-scim doctor --only {check}`" for check in checks]
    if code.startswith("REH"):
        lines.append("- `ngrok-scim rehearse`")
    return [*lines, f"- `ngrok-scim explain {code}` prints this page offline."]


def examples(code: str) -> tuple[list[str], list[str]]:
    """Return an example that fails and one that is right: a case of the corpus, or a fault."""
    case = cases().get(code)
    if case and not case.faults:
        return _of_case(case)
    if code in OF_THE_PROFILE:
        return _of_mistake(code)
    command = "rehearse" if code.startswith("REH") else "doctor"
    faults = sorted(FAULTS.values(), key=lambda fault: (len(fault.codes), fault.scope is not None))
    by_fault = [(f"{command} --sandbox", fault.name) for fault in faults if code in fault.codes]
    for shown_by in (SHOWN_BY.get(code), *by_fault):
        if shown_by:
            fails, passes = _of_fault(*shown_by)
            return fails, [] if code in WITHOUT_A_FAULT else passes
    if case:
        return _of_case(case)
    in_table = _in_table(code)
    return in_table[:2] if in_table else _of_mistake(code)


def _of_fault(command: str, name: str) -> tuple[list[str], list[str]]:
    fails = [
        f"The sandbox has the fault `{name}`: {FAULTS[name].summary}.",
        "",
        *_block("console", f"$ ngrok-scim {command} --fault {name}"),
    ]
    return fails, ["The same without the fault:", "", *_block("console", f"$ ngrok-scim {command}")]


def _of_mistake(code: str) -> tuple[list[str], list[str]]:
    """Return the profile or the environment in which a code is found."""
    mistake = next((mistake for mistake in ALONE if mistake.code == code), None)
    if mistake is None:
        raise LookupError(f"no example of {code}: a row of its table must have this code alone")
    if mistake.environment:
        ((name, value),) = mistake.environment
        return [f"In the environment: `{name}={value}`"], []
    if mistake.mode:
        return [f"The profile has the mode 0{mistake.mode:o}."], ["It has the mode 0600."]
    profile = (mistake.instead + mistake.profile).removeprefix(APPROVED) or APPROVED
    fails = ["In the profile:", "", *_block("toml", profile.strip())]
    if mistake.fault:
        return [*fails, "", f"And ngrok {FAULTS[mistake.fault].summary}."], []
    return fails, _block("toml", APPROVED.strip()) if code.startswith("DOM") else []


class _InTable(NamedTuple):
    """What a person types, from the table of the rules' test, and the test."""

    fails: list[str]
    passes: list[str]
    proof: str


def _in_table(code: str) -> _InTable | None:
    for module, names, what in TABLES:
        test, rows = next(
            (test, test.table[1])
            for test in vars(module).values()
            if hasattr(test, "table") and test.table[0] == names
        )
        typed = {_codes(row[-1]): row[0] for row in reversed(rows)}
        if code in typed:
            proof = f"{test.__module__.replace('.', '/')}.py::{test.__name__}"
            fails, passes = (f"- {what}: {_code(typed[codes])}" for codes in (code, ""))
            return _InTable([fails], [passes], proof)
    return None


def _codes(expected: str | list[str]) -> str:
    return expected if isinstance(expected, str) else " ".join(expected)


@cache
def cases() -> dict[str, Case]:
    """Return for each code the corpus' first case about it, best one with nothing else wrong."""
    found: dict[str, Case] = {}
    for case in sorted(read_cases(), key=lambda case: len(case.expect)):
        if case.expect:
            found.setdefault(case.expect[0], case)
    return found


def _of_case(case: Case) -> tuple[list[str], list[str]]:
    plain = Case(name="", family="")
    given = [name for name in GIVEN if getattr(case, name) != getattr(plain, name)]
    fails = [f"For example, {case.name}:", ""]
    fails += [f"- {GIVEN[name]}: {_shown(case, name)}" for name in given]
    if case.evidence:
        fails += ["", f"The finding names {', '.join(_code(text) for text in case.evidence)}."]
    good = [
        f"- {GIVEN[name]}: {GOOD[name] if name in ('reply', 'lookup') else _code(GOOD[name])}"
        for name in given
        if name in GOOD
    ]
    if any("KEY" in line for line in (*fails, *good)):
        fails += ["", "`KEY` stands for the right key."]
    return fails, good


def _shown(case: Case, name: str) -> str:
    value = getattr(case, name)
    if name in ("reply", "lookup", "elsewhere"):
        body = value.body.decode("utf-8", "backslashreplace")
        headers = "".join(f", `{name}: {text}`" for name, text in value.headers if text)
        return f"{value.status}{headers}{f', {_code(body, quoted=False)}' if body else ', no body'}"
    if isinstance(value, bool):
        return "yes"
    return _code(value)


def _code(value: object, *, quoted: bool = True) -> str:
    """Return ``value`` as a piece of code: JSON, so that what cannot be seen can be read."""
    if isinstance(value, (tuple, list)):
        return ", ".join(_code(item) for item in value) or "none"
    if isinstance(value, dict):
        return ", ".join(_code(f"{name}={text}", quoted=False) for name, text in value.items())
    text = str(value)
    for piece, shown in PIECES.items():
        text = text.replace(piece, shown)
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}…"
    is_plain = text.isascii() and text.isprintable() and text == text.strip()
    shown = text if is_plain and not quoted else json.dumps(text, ensure_ascii=not is_plain)
    fence = "``" if "`" in shown else "`"
    return f"{fence}{shown}{fence}"


def _block(language: str, text: str) -> list[str]:
    return [f"```{language}", text, "```"]
