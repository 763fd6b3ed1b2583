"""Reads the YAML configuration files of other programs, ngrok's among them; writes none."""

from __future__ import annotations

import os
import sys
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from yaml import Node

_NULL = "tag:yaml.org,2002:null"


LIMIT = 256 * 1024


def read(path: Path) -> tuple[Node | None, str, bool]:
    """Return the tree of a YAML file, why it cannot be read, and whether others can read it.

    The reason is a sentence, and empty where the file is missing. The tree is walked as it was
    written and never turned into objects: there a few lines of merged aliases become gigabytes, and
    a key that is all digits becomes a number. The parser's own message quotes the file, so only its
    line is passed on.
    """
    try:
        content = files.read_file(path, LIMIT)
    except files.CannotRead as problem:
        return None, "" if problem.missing else f"{path} {problem.reason}.", False
    import yaml

    line = ""
    try:
        return yaml.compose(content.data, yaml.SafeLoader), "", content.readable_by_others
    except yaml.MarkedYAMLError as error:
        line = f" (line {error.problem_mark.line + 1})" if error.problem_mark else ""
    except (yaml.YAMLError, ValueError, RecursionError):
        pass
    return None, f"{path} is not valid YAML{line}.", content.readable_by_others


def value(node: Node | None, name: str) -> Node | None:
    """Return the value of ``name``, if ``node`` is a mapping that has it."""
    from yaml import MappingNode

    if not isinstance(node, MappingNode):
        return None
    return next((item for key, item in reversed(node.value) if key.value == name), None)


def text(node: Node | None, name: str) -> str | None:
    """Return the text under ``name``, if there is one and it is not blank."""
    from yaml import ScalarNode

    found = value(node, name)
    if not isinstance(found, ScalarNode) or found.tag == _NULL or not found.value.strip():
        return None
    return str(found.value)


def texts(node: Node | None, name: str) -> tuple[str, ...]:
    """Return the texts of the list under ``name``; one text counts as a list of its words."""
    from yaml import ScalarNode, SequenceNode

    found = value(node, name)
    if isinstance(found, SequenceNode):
        return tuple(str(item.value) for item in found.value if isinstance(item, ScalarNode))
    return tuple((text(node, name) or "").replace(",", " ").split())


@dataclass(frozen=True, slots=True)
class NgrokYml:
    """What the configuration file of ngrok's agent gave.

    Attributes:
        reason: why the file cannot be read, in one sentence; empty where it can, or is missing.
    """

    path: Path
    api_key: str | None = field(default=None, repr=False)
    reason: str = ""
    readable_by_others: bool = False


def place_of_ngrok_yml(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return where ngrok's agent keeps its configuration (https://ngrok.com/docs/agent/config)."""
    own = Path(environment.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111 - never raises
    if platform == "win32":
        folder = Path(environment.get("LOCALAPPDATA") or own / "AppData" / "Local")
    elif platform == "darwin":
        folder = own / "Library" / "Application Support"
    else:
        folder = Path(environment.get("XDG_CONFIG_HOME") or own / ".config")
    return folder / "ngrok" / "ngrok.yml"


def read_ngrok_yml(path: Path) -> NgrokYml:
    """Return the API key in the file at ``path``, or why it cannot be read. Raises nothing.

    Version 3 of the file has ``agent: api_key:``, version 2 ``api_key:`` at the top; both are
    tried, whatever version the file says it is.
    """
    top, reason, readable_by_others = read(path)
    agent = value(top, "agent")
    for name in ("authtoken", "api_key"):
        for section in (agent, top):
            redactor.learn(text(section, name) or "")
    api_key = text(agent, "api_key") or text(top, "api_key")
    return NgrokYml(path, api_key, reason, readable_by_others)
