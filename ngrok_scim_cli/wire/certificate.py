"""What a certificate says of itself: names, issuer, dates. Read, not verified.

Python decodes the certificate of a peer only after it was verified, so the one that explains why
it was not has to be read here. DER: ITU-T X.690; the fields: RFC 5280 section 4.1.
"""

from datetime import date

from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.text.counting import first_of

_CONTEXT_0, _CONTEXT_3 = 0xA0, 0xA3
_DNS_NAME = 0x82
_UTC_TIME = 0x17
_LONG_FORM = 0x80
_LONGEST_LENGTH = 4  # bytes; no certificate has a field of more than 4 GiB
_ENCODINGS = {0x0C: "utf-8", 0x1E: "utf-16-be"}  # UTF8String, BMPString

_COMMON_NAME = bytes.fromhex("550403")
_ORGANIZATION = bytes.fromhex("55040a")
_ORGANIZATIONAL_UNIT = bytes.fromhex("55040b")
_ALTERNATIVE_NAME = bytes.fromhex("551d11")

_CENTURY_TURNS = "50"  # RFC 5280 section 4.1.2.5.1
_LONGEST_TEXT = 100
_MOST_NAMES = 5

_Field = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says of itself; every text in it is made safe to print."""

    names: tuple[str, ...]
    subject: str
    issuer: str
    not_before: str
    not_after: str

    def __str__(self) -> str:
        return (
            f"The certificate is for {first_of(self.names, _MOST_NAMES)}, was issued by "
            f"{self.issuer}, and is valid from {self.not_before} to {self.not_after}."
        )


def read_certificate(der: bytes) -> Certificate | None:
    """Return what the certificate ``der`` says of itself, or ``None`` where it cannot be read."""
    try:
        ((_, certificate),) = _fields(der)
        fields = _fields(_fields(certificate)[0][1])
        if fields[0][0] == _CONTEXT_0:  # the version; left out in the first one
            del fields[0]
        (_, issuer), (_, validity), (_, subject) = fields[2:5]
        not_before, not_after = map(_day, _fields(validity))
        name = _name(subject)
        names = _dns_names(fields[6:]) or (name,)
        return Certificate(names, name, _name(issuer), not_before, not_after)
    except (ValueError, IndexError):
        return None


def _fields(content: bytes) -> list[_Field]:
    """Take ``content`` apart into its fields, each a tag and a content."""
    found = []
    at = 0
    while at < len(content):
        tag, length = content[at], content[at + 1]
        at += 2
        if length & _LONG_FORM:
            size = length & ~_LONG_FORM
            if not 0 < size <= _LONGEST_LENGTH:
                raise ValueError("a length that DER does not have")
            length = int.from_bytes(content[at : at + size], "big")
            at += size
        if at + length > len(content):
            raise ValueError("a field that is longer than what holds it")
        found.append((tag, content[at : at + length]))
        at += length
    return found


def _name(content: bytes) -> str:
    """Return the common name and the organization of an X.501 name."""
    parts: dict[bytes, str] = {}
    for _, attributes in _fields(content):
        for _, attribute in _fields(attributes):
            (_, kind), value = _fields(attribute)
            parts.setdefault(kind, _text(value))
    shown = [parts[kind] for kind in (_COMMON_NAME, _ORGANIZATION) if kind in parts]
    return ", ".join(dict.fromkeys(shown)) or parts.get(_ORGANIZATIONAL_UNIT, "nobody")


def _dns_names(optional: list[_Field]) -> tuple[str, ...]:
    for tag, content in optional:
        if tag != _CONTEXT_3:
            continue
        ((_, extensions),) = _fields(content)
        for _, extension in _fields(extensions):
            (_, kind), *_, (_, value) = _fields(extension)
            if kind == _ALTERNATIVE_NAME:
                ((_, names),) = _fields(value)
                return tuple(_text(name) for name in _fields(names) if name[0] == _DNS_NAME)
    return ()


def _day(time: _Field) -> str:
    tag, content = time
    digits = content.decode("ascii")
    if tag == _UTC_TIME:
        digits = ("20" if digits[:2] < _CENTURY_TURNS else "19") + digits
    return str(date.fromisoformat(digits[:8]))


def _text(value: _Field) -> str:
    tag, content = value
    text = content[: 4 * _LONGEST_TEXT].decode(_ENCODINGS.get(tag, "latin-1"), "replace")
    return "".join(letter if letter.isprintable() else "?" for letter in text[:_LONGEST_TEXT])
