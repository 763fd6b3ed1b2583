"""Rules for e-mail domains: as typed, in the DNS, and as submitted to ngrok."""

import re
import unicodedata
from collections.abc import Callable, Iterator

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Finding, Subject
from ngrok_scim_cli.diagnosis.rules import Rules
from ngrok_scim_cli.hosts import is_okta_host, without_user_info
from ngrok_scim_cli.text.characters import describe, kind_of, named, odd_chars, quoted
from ngrok_scim_cli.text.confusables import fold, imitation
from ngrok_scim_cli.text.counting import counted

# Providers at which anybody can open a mailbox. Nobody can prove that such a domain is theirs.
_PROVIDERS = """
126.com 163.com abv.bg aim.com alice.it aol.com att.net bellsouth.net bigpond.com bk.ru bluewin.ch
bol.com.br btinternet.com charter.net comcast.net cox.net daum.net duck.com fastmail.com fastmail.fm
foxmail.com free.fr freenet.de gmail.com googlemail.com hanmail.net hey.com hushmail.com icloud.com
inbox.ru interia.pl laposte.net libero.it list.ru live.at live.be live.ca live.cn live.co.uk
live.co.za live.com live.com.ar live.com.au live.com.mx live.com.pt live.com.sg live.de live.dk
live.fr live.in live.it live.jp live.nl live.no live.se mac.com mail.com mail.ru mailbox.org
mailinator.com me.com msn.com naver.com o2.pl onet.pl online.de optusnet.com.au orange.fr pm.me
posteo.de privaterelay.appleid.com proton.me protonmail.com qq.com rediffmail.com rocketmail.com
runbox.com sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com skynet.be t-online.de telenet.be
terra.com.br tin.it tiscali.it tuta.com tuta.io tutamail.com tutanota.com ukr.net uol.com.br
verizon.net virgilio.it wanadoo.fr web.de wp.pl ya.ru yeah.net ymail.com ziggo.nl zoho.com
"""
PUBLIC_MAIL_PROVIDERS = frozenset(_PROVIDERS.split())
# These have one domain for almost every country.
_WORLDWIDE_MAIL_PROVIDERS = frozenset({"gmx", "hotmail", "outlook", "yahoo", "yandex"})
_OF_MICROSOFT = ".onmicrosoft.com"

# Names of private networks (RFC 6762, RFC 6761, and what ICANN will never delegate).
_PRIVATE = frozenset({"corp", "home", "internal", "intranet", "invalid", "lan", "local", "private"})

# RFC 1123, section 2.1; the last label is never a number.
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")
_LONGEST_NAME = 253
_LONGEST_TYPED = 1000

_NAME_IN_FRONT = re.compile(r"^\s*[A-Za-z][\w -]*(?::\s+|\s*=\s*)(?=\S)")
_BETWEEN_DOMAINS = re.compile(r"[,;|&\s\u3001\uff0c\uff1b]+")
# A bullet, the number of an item, or a word between the domains of a list.
_NO_DOMAIN = re.compile(r"\W*(?:\d{1,3}|and|or)?\W*", re.IGNORECASE)
_WRITTEN_DOT = re.compile(r"[\[({]\s*(?:\.|dot)\s*[\])}]|\s+\.(?=\w)", re.IGNORECASE)
_SCHEME = re.compile(r"https?[:;]?//", re.IGNORECASE)
_PATH = re.compile(r"[/?#].*", re.DOTALL)
_BEHIND_THE_HOST = re.compile(r"[/?#:].*", re.DOTALL)
_AROUND = "<>\"'`,;()[]{}.%\u00b7\u2018\u2019\u201c\u201d\u201e\u2022"

_NULL_MX = (".",)
# What is no domain, by what it contains, the most telling first.
_KINDS = (
    ("://", "a URL"),
    ("@", "an e-mail address"),
    ("*", "a wildcard"),
    ("/", "a URL"),
    (":", "the address of a server"),
    ("\\", "a Windows logon name"),
)


_PART_AFTER_THE_AT = (
    "Type the part after the @ of your users' e-mail addresses, such as example.com."
)
_COMPARE = "Compare the spelling with the e-mail addresses of your users."


rule: Rules[None] = Rules(Subject.DOMAIN)
rule.describe(f"""
DOM801 warning documented
No e-mail domain was submitted to ngrok
ngrok's guide says that ngrok support must approve the domain before users sync. Okta's test may
    pass without it while nobody is provisioned.
Run `ngrok-scim domain submit {{domain}}`.
{{domain}}: DOMAIN

DOM802 warning documented
It is not recorded that ngrok approved the domain
ngrok support must approve the domain before users sync, and only the dashboard shows that. Okta's
    test may pass without it while nobody is provisioned.
When the domain is listed under "Account Domain Controls" at https://dashboard.ngrok.com/settings,
    run `ngrok-scim domain approve {{domain}}`.
{{domain}}: DOMAIN

DOM803
Anyone can have an address at {{domain}}
It belongs to a public mail provider. You cannot prove that you own it, so ngrok probably cannot
    approve it.
Use a domain that belongs to your organization.
{{domain}}: this domain

DOM804 documented
This is not a valid domain name
A domain name has only letters of the English alphabet, digits, hyphens and dots.
{_PART_AFTER_THE_AT}

DOM805 documented
This is not only a domain
ngrok asks for the domain alone, without a person, a page address or a wildcard.
{_PART_AFTER_THE_AT}

DOM806
{{domain}} cannot be the domain of an organization
Other people register names under it, or it does not exist in the DNS. So nobody in your
    organization has an e-mail address there.
{_COMPARE}
{{domain}}: this domain

DOM807 warning
{{domain}} receives no mail
It has no MX record, so probably nobody has an e-mail address there.
{_COMPARE}
{{domain}}: this domain

DOM808 warning
The TXT record that proves the domain is yours is not visible yet
ngrok support usually asks for this record. It can take hours until a new record is visible
    everywhere.
Run `ngrok-scim domain check {{domain}}` again later.
{{domain}}: DOMAIN
""")
ENTRIES = rule.entries


def split_domains(text: str) -> tuple[str, ...]:
    """Split a list of domains, unless its parts are none: ``corp. example`` is one."""
    parts = tuple(part for part in _BETWEEN_DOMAINS.split(text) if not _NO_DOMAIN.fullmatch(part))
    if "@" in text:  # the others are people's names
        parts = tuple(part for part in parts if "." in part)
    several = len(parts) > 1 and all("." in _meant(part) for part in parts)
    return parts if several else (text,)


def read_domain(
    typed: str, is_public_suffix: Callable[[str], bool]
) -> tuple[str, tuple[Finding, ...]]:
    """Return the domain that was meant, and what is wrong with what was typed.

    The domain is in lower case and ASCII, and empty where none was meant. Capitals are lowered in
    silence: the DNS knows no case (RFC 4343).
    """
    meant = _meant(typed)
    name = "" if is_okta_host(meant) else meant
    is_suffix = bool(name) and is_public_suffix(name)
    return name, tuple(_judge_typed(typed, name, is_suffix=is_suffix))


def _judge_typed(typed: str, name: str, *, is_suffix: bool) -> Iterator[Finding]:
    fix = f"Type only `{name}`." if "." in name else None
    if kind := _other_kind(typed[:_LONGEST_TYPED]):
        shown = quoted(without_user_info(typed[:_LONGEST_TYPED]))
        yield finding("DOM805", f"{shown} is {kind}.", fix=fix)
    elif not (name and typed.isascii() and typed.lower() == name):
        yield finding("DOM804", _oddity(typed), fix=fix)
    first, *rest = name.split(".")
    is_worldwide = first in _WORLDWIDE_MAIL_PROVIDERS and len(rest) in (1, 2)
    if name.endswith(_OF_MICROSOFT):
        title = f"Your organization does not own {name}"
        seen = "Microsoft owns onmicrosoft.com and every name under it."
        yield finding("DOM803", seen, title=title, domain=name)
    elif is_worldwide or name in PUBLIC_MAIL_PROVIDERS:
        yield finding("DOM803", f"{name} is a public mail provider.", domain=name)
    is_private = name.rpartition(".")[2] in _PRIVATE
    if is_suffix or is_private:
        seen = f"Other people register domains under {name}."
        if "." not in name:
            seen = f"{name} has no dot, so a part of the domain is missing."
        elif is_private:
            seen = f"{name} is a name of a private network, which the public DNS does not have."
        yield finding("DOM806", seen, domain=name)


def _other_kind(typed: str) -> str:
    """Return what was typed in place of a domain; empty where it is none of the usual."""
    text = _NAME_IN_FRONT.sub("", _unstyled(typed)).strip().lower()
    if is_okta_host(_meant(typed)):
        return "the address of an Okta org"
    if kind := next((kind for mark, kind in _KINDS if mark in text), ""):
        return kind
    is_page = text.startswith("www.") and "." in text.removeprefix("www.").strip(".")
    return "the address of a website" if is_page else ""


def is_only_mistyped(name: str, findings: tuple[Finding, ...]) -> bool:
    """Tell whether the domain that was meant can be submitted, though not as it was typed."""
    return bool(name) and {item.code for item in findings} <= {"DOM804", "DOM805"}


def bare_proof(value: str) -> str:
    """Return the value of a TXT record without the quotation marks of a zone file."""
    return value.strip().strip("\"'\u201c\u201d").strip()


def _meant(typed: str) -> str:
    if len(typed) > _LONGEST_TYPED:
        return ""
    plain = _WRITTEN_DOT.sub(".", _NAME_IN_FRONT.sub("", _unstyled(typed), count=1))
    foreign = "".join(letter for letter in plain if letter.isalpha() and not letter.isascii())
    if foreign and fold(foreign).isascii():
        return ""  # they only look like letters of ASCII, so no IDN is guessed
    words = plain.split()
    whole = {name for name in map(_name_in, words) if "." in name}
    if len(whole) == 1 and len(words) > 1:
        return whole.pop()
    name = _name_in(plain)
    return name if "." in name or len(words) == 1 else ""


def _name_in(text: str) -> str:
    """Return the domain in a URL, an e-mail address or a word; empty where there is none."""
    text = _SCHEME.sub("://", "".join(letter for letter in text if kind_of(letter) is None))
    if "://" in text:
        text = _PATH.sub("", text.partition("://")[2])
    text = _BEHIND_THE_HOST.sub("", text.rpartition("@")[2])
    name = host_name(text.strip(_AROUND).removeprefix("*.").strip(_AROUND))
    while name.startswith("www.") and "." in name.removeprefix("www."):
        name = name.removeprefix("www.")
    return name


def host_name(text: str) -> str:
    """Return a domain in lower case and ASCII (RFC 5890 A-labels); empty where it is none."""
    if not text.isascii():
        import idna

        try:
            text = idna.encode(text, uts46=True).decode("ascii")
        except UnicodeError:
            return ""
    name = text.lower()
    labels = name.split(".")
    is_one = len(name) <= _LONGEST_NAME and all(_LABEL.fullmatch(label) for label in labels)
    return name if is_one and not labels[-1].isdigit() else ""


def _unstyled(text: str) -> str:
    """Return ``text`` with plain letters instead of fullwidth and other styled ones."""
    return unicodedata.normalize("NFKC", text).replace("\\\\", "//")


def _oddity(typed: str) -> str:
    if not typed.strip():
        return "Nothing was typed."
    odd = odd_chars(typed[:_LONGEST_TYPED])
    if odd:
        return f"{quoted(typed)} contains {named(odd)}."
    foreign = next((letter for letter in typed if not letter.isascii()), "")
    if foreign:
        which = imitation(foreign) or ", which the DNS does not know"
        return f"{quoted(typed)} contains {describe(foreign)}{which}."
    strange = next((letter for letter in typed.lower() if letter not in _LETTERS), "")
    if strange:
        return f"{quoted(typed)} contains {describe(strange)}."
    labels = typed.split(".")
    fault = f"is too long: a domain has at most {_LONGEST_NAME} characters, 63 between two dots"
    if not all(labels):
        fault = "begins or ends with a dot, or has two dots in a row"
    elif any(label.startswith("-") or label.endswith("-") for label in labels):
        fault = "has a part that begins or ends with a hyphen"
    elif labels[-1].isdigit():
        fault = "ends with a number, as an IP address does"
    return f"{quoted(typed)} {fault}."


def judge_approval(name: str, submitted_at: object, approved_at: object) -> tuple[Finding, ...]:
    """Return what is open of a domain, by whether a time is recorded for either."""
    if approved_at:
        return ()
    if submitted_at:
        return (finding("DOM802", f"No approval is recorded for {name}.", domain=name),)
    seen = f"This profile has no record that a request for {name} was sent."
    return (finding("DOM801", seen, domain=name),)


def judge_dns(
    name: str,
    *,
    exists: bool | None = None,
    mail_servers: tuple[str, ...] | None = None,
    texts: tuple[str, ...] | None = None,
    proof: str = "",
) -> tuple[Finding, ...]:
    """Return what is wrong with a domain, by what the DNS shows of it.

    Args:
        exists: ``None``, here and below, where the DNS could not be asked.
        mail_servers: the hosts of its MX records; ``(".",)`` is the null MX of RFC 7505.
        proof: the TXT record that ngrok's support asked for; empty where that is not known.
    """
    if exists is False:
        title = f"The domain {name} does not exist in the DNS"
        seen = f"The DNS replies that there is no {name} (NXDOMAIN)."
        return (finding("DOM806", seen, title=title, domain=name),)
    found = []
    if mail_servers in (_NULL_MX, ()):
        seen = f"The MX record of {name} says that it accepts no mail."
        seen = seen if mail_servers else f"{name} has no MX record."
        found.append(finding("DOM807", seen, domain=name))
    if proof and texts is not None and proof not in texts:
        others = f"{counted(len(texts), 'TXT record')}, but not" if texts else "no TXT record"
        seen = f"{name} has {others} {quoted(proof)}."
        found.append(finding("DOM808", seen, domain=name))
    return tuple(found)
