"""Finds placeholders, unset variables and masked text in place of a value."""

import re

from ngrok_scim_cli.text.lazy_pattern import lazy_pattern

_VARIABLE = lazy_pattern(
    r"""\$\{?[A-Za-z_][\w.:-]*\}?              # $NAME, ${NAME}, $env:NAME
      | \$[({].*[)}]                           # $(command), ${{ secrets.NAME }}
      | \{\{.*\}\} | \#\{.*\} | <%.*%> | \{%.*%\} | %\{.*\}
      | [{<\[]?%[A-Za-z_]\w*%[}>\]]?           # %NAME%
      | (?:op|vault|keyring|env|secret|aws-?sm|arn|gcp-?sm|keepass)(?::|\.)\S*
      | @Microsoft\.KeyVault.*
      | \$?_?(?:ENV|(?:System\.)?getenv)[\[(].* | !vault\b.* | N/?A
      | (?:process\.env|os\.environ|var|secrets|local|data)[.\[].*
      | [A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:KEY|TOKEN|SECRET)(?:_[A-Z0-9]+)*
    """,
    re.VERBOSE | re.DOTALL,
)
_WORDS = """
    a above access actual admin administrator alone an and api apikey app as auth authorization
    authtoken bearer bot change changeme client copied copy credential credentials dashboard demo
    dummy empty enter example fill fixme foo for from generated get goes header here http in
    insert integration is it key keys me my n na new ngrok nil no none not null of okta one only or
    password paste pasted personal placeholder please put real replace sample scim secret see
    service set string tbd test text that the this to todo token type undefined use user v1 v2
    value with without write x xx xxx xxxx your yours
"""
# At least one of these must be there: a lone ordinary word may be somebody's odd key.
_TELLING = """
    apikey changeme example fixme here insert key keys nil none null paste placeholder replace
    sample tbd todo token undefined your yours
"""
_VOCABULARY = frozenset(_WORDS.split())
_TELLING_WORDS = frozenset(_TELLING.split())
_GLUED = lazy_pattern(
    r"(?:your|my|the|insert|paste|enter)?(?:ngrok|scim|okta)*(?:api|auth)?(?:key|token)(?:goes)?(?:here)?"
)
_MOST_WORDS = 12

_MASK = lazy_pattern(
    r"""[•●∙·▪■◦○⁕∗＊…] | \*{2,} | \.{3,} | x{8,} | \#{4,} | -{6,} | _{4,}
      | (?:^|[\[<({*])[ ]?(?:redacted|hidden|masked|removed|concealed|omitted)[ ]?(?:$|[\]>)}*])
    """,
    re.IGNORECASE | re.VERBOSE,
)


_HOST_OF_AN_EXAMPLE = lazy_pattern(r"(?:.+\.)?example\.(?:com|org|net)", re.IGNORECASE)
_MARKS_OF_A_PLACEHOLDER = lazy_pattern(
    r"[{}<>$*]|\[(?![0-9a-f.]*:[0-9a-f:.]*\])|%7B|%3C|%[A-Za-z_]+%", re.IGNORECASE
)
_IN_A_PATH = lazy_pattern(r"://[^/]+/.*(?:\{[^{}/]+\}|<[^<>/]+>)")
_WORDS_OF_A_HOST = frozenset(
    """
    base company corp domain domainname fqdn host hostname myorg org organisation organization
    scimurl server site subdomain tenant url yourcompany yourdomain yourorg yourserver
    yourtenant
    """.split()  # noqa: SIM905 - a list of words
)


def is_variable(text: str) -> bool:
    """Return whether ``text`` is a variable or a reference that nothing filled in."""
    return _VARIABLE.fullmatch(text) is not None


def is_placeholder(text: str) -> bool:
    """Return whether ``text`` is words that ask for a key, like ``<your API key>``."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", text[:200]).lower())
    if not 0 < len(words) <= _MOST_WORDS:
        return False
    if all(word in _VOCABULARY or _GLUED.fullmatch(word) for word in words):
        return any(word in _TELLING_WORDS or _GLUED.fullmatch(word) for word in words)
    return False


def is_masked(text: str) -> bool:
    """Return whether a screen or a log replaced a part of ``text``."""
    return _MASK.search(text) is not None


def is_placeholder_url(text: str, host: str) -> bool:
    """Return whether a URL, or a part of it, was not filled in: ``<BASE_URL>``, ``{domain}``.

    ``example.com`` is nobody's (RFC 2606).
    """
    if is_variable(text) or _HOST_OF_AN_EXAMPLE.fullmatch(host):
        return True
    known = _VOCABULARY | _WORDS_OF_A_HOST
    words = set(re.findall("[a-z0-9]+", text.lower()))
    if (
        _IN_A_PATH.search(text)
        or _MARKS_OF_A_PLACEHOLDER.search(host)
        or ("url" in words and words <= known)
    ):
        return True
    labels = host.lower().split(".")  # the last is the top-level domain
    if len(labels) == 1 and labels[0].startswith("your"):
        return True
    words = {word for label in labels[:-1] or labels for word in re.split("[-_]", label)}
    return words <= known and any(word == "my" or word.startswith("your") for word in words)
