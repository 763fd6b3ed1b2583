"""What the path of a base URL says: ngrok's, another version, a resource behind it."""

import re
from typing import NamedTuple

from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

NGROK_PATH = "/scim/v2/"

_RESOURCE = lazy_pattern(
    r"(?P<base>.*?)/(?P<resource>Users|Groups|ServiceProviderConfigs?|Schemas|ResourceTypes|Me|Bulk)"
    r"(?:/.*)?",
    re.IGNORECASE | re.DOTALL,
)
_ENCODED = lazy_pattern(r"%[0-9A-Fa-f]{2}")
_DOUBLED = lazy_pattern(r"/{2,}")


class ScimPath(NamedTuple):
    """A path, taken apart.

    Attributes:
        resource: the SCIM resource that was appended (RFC 7644, section 3.2); else empty.
    """

    doubled: bool
    base: str
    resource: str

    @property
    def lowered(self) -> str:
        """The base as ngrok writes it, if only its capitals are wrong."""
        return self.base.lower()

    @property
    def has_capitals(self) -> bool:
        """Whether there are capitals in it, other than those of an encoded character."""
        plain = _ENCODED.sub("", self.base)
        return plain != plain.lower()


def read_path(path: str) -> ScimPath:
    """Take the path of a URL apart."""
    if path == NGROK_PATH:
        return ScimPath(doubled=False, base=path, resource="")
    single = single_slashes(path)
    match = _RESOURCE.fullmatch(single)
    if match is None:
        return ScimPath(single != path, single, "")
    return ScimPath(single != path, f"{match['base']}/", f"/{match['resource']}")


def single_slashes(path: str) -> str:
    """Return ``path`` with each run of slashes made one."""
    return _DOUBLED.sub("/", path)
