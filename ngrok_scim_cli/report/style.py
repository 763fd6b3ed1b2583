"""The formats of a result, and how to print for people."""

from enum import StrEnum

from ngrok_scim_cli.records import dataclass


class Format(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    SARIF = "sarif"


@dataclass(frozen=True, slots=True)
class Style:
    """How to print for people.

    Attributes:
        width: the widest line, in columns; taken as 40 to 100 (text only).
        unicode: whether the reader's screen can show more than ASCII (text and Markdown).
        links: make a code a terminal hyperlink, where its ``more`` is an https address (text
            only).
    """

    colour: bool = False
    width: int = 100
    unicode: bool = True
    verbose: bool = False
    links: bool = False


PLAIN = Style()
