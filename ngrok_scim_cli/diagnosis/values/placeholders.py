"""Values that stand for a key and are none: placeholders, variables, masks."""

import re

_VARIABLE = re.compile(
    r"""\$\{?[A-Za-z_][\w.:-]*\}?              # $NAME, ${NAME}, $env:NAME
      | \$[({].*[)}]                           # $(command), ${{ secrets.NAME }}
      | \{\{.*\}\} | \#\{.*\} | <%.*%> | %\{.*\}
      | [{<\[]?%[A-Za-z_]\w*%[}>\]]?           # %NAME%
      | (?:op|vault|keyring|env|secret|aws-?sm|arn|gcp-?sm|keepass)(?::|\.)\S*
      | @Microsoft\.KeyVault.*
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
_GLUED = re.compile(
    r"(?:your|my|the|insert|paste|enter)?(?:ngrok|scim|okta)*(?:api|auth)?(?:key|token)(?:goes)?(?:here)?"
)
_MOST_WORDS = 12

_MASK = re.compile(
    r"""[•●∙·▪■◦○⁕∗＊…] | \*{2,} | \.{3,} | x{8,} | \#{4,} | -{6,} | _{4,}
      | (?:^|[\[<({*])[ ]?(?:redacted|hidden|masked|removed|concealed|omitted)[ ]?(?:$|[\]>)}*])
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_variable(text: str) -> bool:
    """Tell whether ``text`` is a variable or a reference that nothing filled in."""
    return _VARIABLE.fullmatch(text) is not None


def is_placeholder(text: str) -> bool:
    """Tell whether ``text`` is words that ask for a key, like ``<your API key>``."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", text[:200]).lower())
    if not 0 < len(words) <= _MOST_WORDS:
        return False
    if all(word in _VOCABULARY or _GLUED.fullmatch(word) for word in words):
        return any(word in _TELLING_WORDS or _GLUED.fullmatch(word) for word in words)
    return False


def is_masked(text: str) -> bool:
    """Tell whether a screen or a log replaced a part of ``text``."""
    return _MASK.search(text) is not None
