"""Reads the YAML configuration files of other programs, ngrok's and Okta's; writes none."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ngrok_scim_cli.settings import files

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT = 256 * 1024


def read(path: Path) -> tuple[Any, str, bool]:
    """Return what a YAML file holds, why it cannot be read, and whether others can read it.

    The reason is a sentence, and empty where the file is missing. Every scalar is a text, so that a
    key that is all digits stays one, and aliases are shared and not merged: a few lines of them
    would become gigabytes. The parser's own message quotes the file, so only its line is passed on.
    """
    try:
        content = files.read_file(path, LIMIT)
    except files.CannotRead as problem:
        return None, "" if problem.missing else f"{path} {problem.reason}.", False
    import yaml

    line = ""
    try:
        return yaml.load(content.data, yaml.BaseLoader), "", content.readable_by_others  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = f" (line {error.problem_mark.line + 1})" if error.problem_mark else ""
    except (yaml.YAMLError, ValueError, RecursionError):
        pass
    return None, f"{path} is not valid YAML{line}.", content.readable_by_others


def under(tree: Any, *names: str) -> Any:  # noqa: ANN401
    """Return what is under ``names``, one within the other; ``None`` where they are not there."""
    for name in names:
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree


def text(tree: Any, *names: str) -> str:  # noqa: ANN401
    """Return the text under ``names``; empty where there is none, or a blank or null one."""
    found = under(tree, *names)
    return found if isinstance(found, str) and found.strip() not in ("", "~", "null") else ""


def _home(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111 - never raises


def okta_yaml(environment: Mapping[str, str]) -> Path:
    """Return where Okta's SDKs keep their configuration."""
    return _home(environment) / ".okta" / "okta.yaml"


def ngrok_yml(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Return where ngrok's agent keeps its configuration (https://ngrok.com/docs/agent/config)."""
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        folder = Path(local) if local else _home(environment) / "AppData" / "Local"
    elif platform == "darwin":
        folder = _home(environment) / "Library" / "Application Support"
    else:
        config = environment.get("XDG_CONFIG_HOME")
        folder = Path(config) if config else _home(environment) / ".config"
    return folder / "ngrok" / "ngrok.yml"
