"""Configuration files of other programs, in YAML, and the values in their nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngrok_scim_cli.settings import files

if TYPE_CHECKING:
    from pathlib import Path

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
