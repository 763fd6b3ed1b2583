"""What may be asked of Okta's lists, and how it is read. What is not served is refused."""

from collections.abc import Collection
from datetime import UTC, datetime

from ngrok_scim_cli.sandbox.okta_filter import FilterError, Test, compile_filter

_DIGITS = 10

# What each list takes; anything else is refused.
_PAGE = ("limit", "after")
TAKEN: dict[str, tuple[str, ...]] = {
    "apps": (*_PAGE, "q", "filter"),
    "app users": (*_PAGE, "q", "expand"),
    "groups": (*_PAGE, "q"),
    "mappings": (*_PAGE, "targetId"),
    "users": (*_PAGE, "q", "filter", "search"),
    "logs": (*_PAGE, "since", "until", "filter", "sortOrder"),
}
CRITERIA = ("filter", "search", "q")
APP_PATHS = ("id", "status", "name")


class RefusedError(Exception):
    """The request is refused with one of Okta's codes."""

    def __init__(self, code: str, *, causes: tuple[str, ...] = (), **slots: object) -> None:
        super().__init__(code)
        self.code = code
        self.causes = causes
        self.slots = slots


def check_parameters(path: tuple[str, ...], query: dict[str, str]) -> None:
    """Refuse what would have to be ignored: a wrong answer here would hide a wrong request."""
    match path:
        case ["apps", _, "users"]:
            taken = TAKEN["app users"]
        case [name] if name in TAKEN:
            taken = TAKEN[name]
        case _:
            taken = ()
    for name in query:
        if name in CRITERIA and name not in taken:
            raise RefusedError("E0000031", causes=(f"{name} is not served here",))
        if name not in taken:
            raise RefusedError("E0000001", what=name, causes=(f"{name} is not served here",))
    if query.get("expand", "user") != "user":
        raise RefusedError("E0000001", what="expand")


def criterion(query: dict[str, str], name: str, paths: Collection[str], *, fold_case: bool) -> Test:
    """Return the test that a parameter asks for; one that is not given holds for all."""
    if name not in query:
        return lambda _: True
    try:
        return compile_filter(query[name], fold_case=fold_case, paths=paths)
    except FilterError as error:
        raise RefusedError("E0000031", causes=(str(error),)) from None


def read_number(
    query: dict[str, str], name: str, default: int, *, least: int = 0, most: int = 10**9
) -> int:
    """Read a number between ``least`` and ``most``."""
    text = query.get(name, str(default))
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < _DIGITS else -1
    if not least <= number <= most:
        raise RefusedError("E0000001", what=name)
    return number


def read_time(query: dict[str, str], name: str, default: datetime) -> datetime:
    """Read a time."""
    if name not in query:
        return default
    try:
        moment = datetime.fromisoformat(query[name])
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise RefusedError("E0000001", what=name) from None
