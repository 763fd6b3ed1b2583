"""The API key in the ngrok agent's own configuration file. It is read, never written.

The places and the two layouts are ngrok's: https://ngrok.com/docs/agent/config
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ngrok_scim_cli.redact import redactor
from ngrok_scim_cli.settings import files

if TYPE_CHECKING:
    from yaml import Node

LIMIT = 256 * 1024

_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True)
class NgrokYml:
    """What the agent's configuration file gave.

    Attributes:
        reason: why there is no key, in one sentence; empty where there is one.
    """

    path: Path
    api_key: str | None = field(default=None, repr=False)
    reason: str = ""
    readable_by_others: bool = False


def place(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return where the agent keeps its configuration."""
    own = Path(environment.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111 - never raises
    if platform == "win32":
        folder = Path(environment.get("LOCALAPPDATA") or own / "AppData" / "Local")
    elif platform == "darwin":
        folder = own / "Library" / "Application Support"
    else:
        folder = Path(environment.get("XDG_CONFIG_HOME") or own / ".config")
    return folder / "ngrok" / "ngrok.yml"


def read(path: Path) -> NgrokYml:
    """Return the API key in the file at ``path``, or why there is none. Raises nothing.

    Version 3 of the file has ``agent: api_key:``, version 2 ``api_key:`` at the top; both are
    tried, whatever version the file says it is.
    """
    try:
        content = files.read_file(path, LIMIT)
    except files.CannotRead as problem:
        return NgrokYml(path, reason=f"{path} {problem.reason}.")
    top, reason = _composed(content.data)
    agent = _value(top, "agent")
    for name in ("authtoken", "api_key"):
        for section in (agent, top):
            redactor.learn(_text(section, name) or "")
    api_key = _text(agent, "api_key") or _text(top, "api_key")
    if api_key is None:
        reason = f"{path} {reason or 'holds no api_key'}."
    return NgrokYml(path, api_key, reason, content.readable_by_others)


def _composed(data: bytes) -> tuple["Node | None", str]:
    """Return the tree of a YAML document, and what is wrong with it.

    The tree is walked as it was written and never turned into objects: there a few lines of
    merged aliases become gigabytes, and a key that is all digits becomes a number. The parser's own
    message quotes the file, so only its line is passed on.
    """
    import yaml

    try:
        return yaml.compose(data, Loader=yaml.SafeLoader), ""
    except yaml.MarkedYAMLError as error:
        line = f" (line {error.problem_mark.line + 1})" if error.problem_mark else ""
        return None, f"is not valid YAML{line}"
    except (yaml.YAMLError, ValueError, RecursionError):
        return None, "is not valid YAML"


def _value(node: "Node | None", name: str) -> "Node | None":
    """Return what stands under ``name``, if ``node`` is a mapping that has it."""
    from yaml import MappingNode

    if not isinstance(node, MappingNode):
        return None
    return next((value for key, value in reversed(node.value) if key.value == name), None)


def _text(node: "Node | None", name: str) -> str | None:
    """Return the text under ``name``, if there is one and it is not blank."""
    from yaml import ScalarNode

    value = _value(node, name)
    if not isinstance(value, ScalarNode) or value.tag == _NULL or not value.value.strip():
        return None
    return str(value.value)
