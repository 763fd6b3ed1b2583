"""docs/reference: the commands, the fields of the JSON, and the keys of a profile."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, get_args, get_type_hints

from ngrok_scim_cli.doctor.run import PLANS
from ngrok_scim_cli.report.layout import shortened_codes
from ngrok_scim_cli.sandbox import FAULTS
from ngrok_scim_cli.settings.profile import Profile
from ngrok_scim_cli.settings.profile_toml import KEYS, NOT_IN_THE_FILE
from ngrok_scim_cli.wire.okta_scopes import APPS
from scripts.help_pages import help_pages

SCHEMA = Path(__file__).parent.parent / "docs" / "result.schema.json"

_ATTRIBUTE = re.compile(r"^ {8}(\w+): (.+(?:\n {12}.+)*)", re.MULTILINE)


def reference_pages(docs: Path) -> Iterator[tuple[Path, str]]:
    """Return each page of the reference that is made from the code."""
    yield docs / "reference" / "commands.md", commands()
    yield docs / "reference" / "result.md", result(json.loads(SCHEMA.read_text(encoding="utf-8")))
    yield docs / "reference" / "profile.md", profile()
    for name, rewritten in (("doctor.md", doctor), ("okta.md", okta), ("sandbox.md", faults)):
        yield docs / name, rewritten((docs / name).read_text(encoding="utf-8"))


def doctor(page: str) -> str:
    """Return docs/doctor.md with every check of today at its end."""
    lines = [page.partition("## The checks\n")[0] + "## The checks"]
    for category, plans in groupby(PLANS, key=lambda plan: plan.category):
        lines += ["", f"### {category}", ""]
        lines += ["| check | what | needs | finds |", "| --- | --- | --- | --- |"]
        lines += [
            f"| `{plan.code}` | {plan.name} | {plan.needs} | {shortened_codes(plan.finds)} |"
            for plan in plans
        ]
    return "\n".join(lines) + "\n"


def okta(page: str) -> str:
    """Return docs/okta.md with the checks that need more scopes than the others."""
    scopes = {
        plan.code: ", ".join(f"`{scope}`" for scope in plan.scopes if scope != APPS)
        for plan in PLANS
    }
    head = "| check | scope |\n| --- | --- |\n"
    rows = "".join(f"| `{code}` | {needed} |\n" for code, needed in scopes.items() if needed)
    return re.sub(f"{re.escape(head)}(?:\\|.*\n)+", lambda _: head + rows, page)


def faults(page: str) -> str:
    """Return docs/sandbox.md with every fault of the sandbox at its end."""
    lines = [
        page.partition("| fault |")[0] + "| fault | what it does | findings |",
        "| --- | --- | --- |",
    ]
    for fault in FAULTS.values():
        number = ""
        if fault.value is not None:
            number = f"; `=N`: {fault.unit}, {int(fault.value)} unless given"
        codes = ", ".join(f"`{code}`" for code in fault.codes)
        lines.append(f"| `{fault.name}` | {fault.summary}{number} | {codes} |")
    return "\n".join(lines) + "\n"


def commands() -> str:
    """Return the help page of each command."""
    lines = [
        "# Commands",
        "",
        "What `--help` prints. [Where values come from](../environment.md) and the",
        "[exit statuses](../exit-statuses.md) are the same for all.",
    ]
    for name, text in help_pages().items():
        words = name.removesuffix(".txt").replace("_", " ")
        lines += ["", f"## {words}", "", "```text", text.strip("\n"), "```"]
    return "\n".join(lines) + "\n"


def result(schema: Mapping[str, Any]) -> str:
    """Return every field of the JSON, as the schema tells it."""
    lines = [
        "# Fields of the JSON",
        "",
        schema["description"],
        "",
        "This page is made from [result.schema.json](../result.schema.json), JSON Schema 2020-12,",
        f"`$id` `{schema['$id']}`. [Output for scripts](../json.md) says how it changes, and has",
        "examples.",
        "",
        "## result",
        "",
        *_fields(schema),
    ]
    for name, record in schema["$defs"].items():
        told = record.get("description", "")
        lines += ["", f"## {name}", "", *([told, ""] if told else []), *_fields(record)]
    return "\n".join(lines) + "\n"


def _fields(record: Mapping[str, Any]) -> list[str]:
    if "properties" not in record:
        return [f"It is {_type(record)}."]
    rows = [
        f"| `{name}` | {_type(field)} | {_cell(field.get('description', ''))} |"
        for name, field in record["properties"].items()
    ]
    return ["| field | type | what |", "| --- | --- | --- |", *rows]


def _type(field: Mapping[str, Any]) -> str:
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name})"
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "enum" in field:
        return ", ".join(f"`{json.dumps(value)}`" for value in field["enum"])
    for several in ("anyOf", "oneOf"):
        if several in field:
            return " or ".join(_type(one) for one in field[several])
    kinds = field.get("type", "any")
    kind = " or ".join(kinds) if isinstance(kinds, list) else kinds
    if "items" in field:
        kind = kind.replace("array", f"list of {_type(field['items'])}")
    return str(kind)


def profile() -> str:
    """Return the keys of a profile's file."""
    lines = [
        "# Keys of a profile",
        "",
        "A profile is the file `profiles/NAME.toml` in the folder that",
        "[NGROK_SCIM_HOME](../environment.md) names. It is TOML, mode 0600, and holds no secret.",
        "Times carry a time zone. All keys may be left out, unless a table needs them; keys and",
        "comments of yours are kept. `ngrok-scim profile show` prints what is in force.",
        "",
        "```toml",
        "version = 1",
        'base_url = "https://api.ngrok.com/scim/v2/"',
        "",
        "[okta]",
        'org_url = "https://example.okta.com"',
        "",
        "[[domain]]",
        'name = "corp.example"',
        "```",
        "",
        "## At the top",
        "",
        *_keys(Profile, {"version": "`1`, the number of this format."}),
    ]
    for name, (record, is_list) in _tables().items():
        heading = f"[[{name}]]" if is_list else f"[{name}]"
        needed = _required(record)
        lines += ["", f"## {heading}", "", *_about(record), "", *_keys(record, {})]
        if needed:
            lines += ["", f"Needed: {', '.join(f'`{key}`' for key in needed)}."]
    lines += ["", "## [steps]", "", "When each finished step of the setup was done, by its name."]
    return "\n".join(lines) + "\n"


def _tables() -> dict[str, tuple[type, bool]]:
    """Return the record of each table, and whether there may be several of it."""
    found: dict[str, tuple[type, bool]] = {}
    for name, hint in get_type_hints(Profile).items():
        if name in NOT_IN_THE_FILE:
            continue
        for kind in (hint, *get_args(hint)):
            if isinstance(kind, type) and is_dataclass(kind):
                found[KEYS.get(name, name)] = kind, kind is not hint and "tuple" in str(hint)
    return found


def _about(record: type) -> list[str]:
    return [(record.__doc__ or "").split("\n\n", 1)[0].strip()]


def _keys(record: type, first: Mapping[str, str]) -> list[str]:
    told = {
        name: " ".join(text.split()).replace("``None``", "left out").replace("``", "`")
        for name, text in _ATTRIBUTE.findall(record.__doc__ or "")
    }
    hints = get_type_hints(record)
    rows = [f"| `{name}` | number | {text} |" for name, text in first.items()]
    for field in fields(record):
        kind = _plain_type(hints[field.name])
        if field.name not in NOT_IN_THE_FILE or record is not Profile:
            name = KEYS.get(field.name, field.name)
            rows.append(f"| `{name}` | {kind} | {_cell(told[field.name])} |")
    return ["| key | type | what |", "| --- | --- | --- |", *rows]


def _required(record: type) -> list[str]:
    return [
        field.name
        for field in fields(record)
        if field.default is MISSING and field.default_factory is MISSING
    ]


def _plain_type(hint: object) -> str:
    text = str(hint)
    if "datetime" in text and "Mapping" not in text:
        return "date and time"
    if "tuple[str" in text:
        return "list of texts"
    if "settings.profile" in text or "Mapping" in text:
        return "tables" if "tuple" in text else "table"
    if "bool" in text:
        return "boolean"
    return "number" if "int" in text else "text"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
