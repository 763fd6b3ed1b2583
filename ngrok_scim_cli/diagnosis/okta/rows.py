"""The records of the tables of messages, their reader, and the causes that several rows share.

A row of a table is a block of lines; a line that is indented continues the one before::

    # the message; `…` replaces what differs each time
    the title
    what it means
    - a cause, the likeliest first: its text, a shared one (``NAME @STAGE``), or codes that say it
    > its fix, or the name of one in ``fixes`` : how surely it is known, codes, @STAGE
    @ statuses of HTTP
    ~ the wordings by which it is recognized (``vocabulary``); without any, by the message

A second block with the same message adds wordings at another place in the order. Where a title has
``{}``, the message is several statuses with their phrases (``502 Bad Gateway, 504 Gateway
Timeout``), and each becomes a row. Certainty is ``inferred`` unless a word of ``Certainty`` says
otherwise. ``@STAGE`` is what Okta must have been doing: a name of ``Stage`` or of ``_STAGES``; none
fits anything. In ``_SHARED``, a block is a shared cause, or several, under its name.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ngrok_scim_cli.diagnosis.certainty import Certainty
from ngrok_scim_cli.diagnosis.okta import fixes
from ngrok_scim_cli.diagnosis.okta.stages import Stage
from ngrok_scim_cli.diagnosis.okta.vocabulary import fits
from ngrok_scim_cli.text.phrases import words


class Cause(NamedTuple):
    """One cause of a message, and its fix.

    Attributes:
        cause: what happened; empty where the first of ``codes`` says it.
        fix: the one thing to do about it; empty where the first of ``codes`` says it.
        stages: what Okta must have been doing, ``None`` where that is not known; empty where it
            fits anything.
    """

    cause: str
    fix: str
    codes: tuple[str, ...] = ()
    certainty: Certainty = Certainty.INFERRED
    stages: tuple[Stage | None, ...] = ()


class Row(NamedTuple):
    """A message of Okta's or a server's, or a kind of them, and its causes, the likeliest first."""

    sentence: str
    title: str
    meaning: str
    causes: tuple[Cause, ...]
    wordings: str = ""
    statuses: tuple[int, ...] = ()

    @property
    def known_by(self) -> str:
        """The wordings by which it is recognized."""
        return self.wordings or words(self.sentence).strip()


def first_fit(rows: Iterable[Row], reading: str, *, is_whole: bool = True) -> Row | None:
    """Return the first of ``rows`` that a text is recognized as.

    Args:
        reading: what ``words`` returned.
        is_whole: ``False`` where parts of a wording may be far apart, so that only phrases count.
    """
    return next((row for row in rows if fits(reading, row.known_by, is_whole=is_whole)), None)


_CODES = re.compile(r"(?:[A-Z]{3}\d{3} ?)+")
_CHANGING = (Stage.PROFILE, Stage.REACTIVATION)
_MAKING = (Stage.LOOK_UP, Stage.ACCOUNT)
_STAGES: dict[str, tuple[Stage | None, ...]] = {
    **{stage.name: (stage,) for stage in Stage},
    "UNKNOWN": (None,),
    "CHANGING": _CHANGING,
    "MAKING": _MAKING,
    "ONE_PERSON": (*_MAKING, *_CHANGING, Stage.DEACTIVATION),
}


def read_rows(table: str, known: Iterable[Row] = ()) -> Iterator[Row]:
    """Read a table; ``known`` are rows of other tables to which it adds wordings."""
    rows = {row.sentence: row for row in known}
    for block in table.strip().replace("\n    ", " ").split("\n\n"):
        marked: dict[str, str] = {}
        plain: list[str] = []
        causes: list[Cause] = []
        for line in block.splitlines():
            mark, _, text = line.partition(" ")
            if mark == "-":
                causes += _causes(text)
            elif mark == ">":
                causes[-1] = _with_fix(causes[-1], text)
            elif mark in ("#", "@", "~"):
                marked[mark] = text
            else:
                plain.append(line)
        sentence, (title, meaning) = marked["#"], plain or ("", "")
        row = Row(sentence, title, meaning, tuple(causes))
        row = row if causes else rows[sentence]
        statuses = tuple(map(int, marked.get("@", "").split()))
        row = row._replace(wordings=marked.get("~", "").replace("| ", "|"), statuses=statuses)
        rows.setdefault(sentence, row)
        yield from _each_status(row) if "{}" in title else (row,)


def _each_status(row: Row) -> Iterator[Row]:
    for one in row.sentence.split(", "):
        number, _, phrase = one.partition(" ")
        title = row.title.format(number)
        yield row._replace(sentence=phrase, title=title, statuses=(int(number),))


def _causes(text: str) -> Iterable[Cause]:
    name, _, stages = text.partition(" @")
    if name in SHARED:
        return [cause._replace(stages=_stages(stages) or cause.stages) for cause in SHARED[name]]
    return [Cause("", "", tuple(text.split())) if _CODES.fullmatch(text) else Cause(text, "")]


def _with_fix(cause: Cause, text: str) -> Cause:
    fix, _, about = f" {text}".partition(" : ")
    fix = fix.strip()
    given = about.split()
    certainties = [Certainty(word) for word in given if word.islower()]
    return Cause(
        cause.cause,
        getattr(fixes, fix, fix),
        tuple(word for word in given if _CODES.fullmatch(word)),
        next(iter(certainties), Certainty.INFERRED),
        _stages(" ".join(word for word in given if word[0] == "@")),
    )


def _stages(text: str) -> tuple[Stage | None, ...]:
    return tuple(stage for name in text.replace("@", "").split() for stage in _STAGES[name])


# What several rows share; a cause of the key has been ruled out once Okta was creating or changing
# somebody, since the key is checked first of all.
SHARED: dict[str, tuple[Cause, ...]] = {}
_SHARED = """
# WRONG_BASE_URL
- The base URL is wrong.
> SET_BASE_URL : SCM503 URL109 URL110

# MISSPELLED_HOST
- The host of the base URL is misspelled, or its name is not in the public DNS.
> SET_BASE_URL : documented NET401 URL108 URL105 URL103 URL104

# ANOTHER_HOST
- The base URL leads to a host that is not ngrok's.
> SET_BASE_URL : URL108

# FIREWALL_DROPS_OKTA
- A firewall or IP restriction drops Okta's addresses.
> ALLOW_OKTA : documented NET403 NGR705

# FIREWALL_REFUSES_OKTA
- A firewall or gateway in front of the server refused Okta's request.
> ASK_THE_FIREWALL : SCM502 SCM520

# IP_RESTRICTIONS
- ngrok's IP restrictions block Okta.
> ALLOW_OKTA : NGR705 SCM502

# SERVICE_IS_DOWN
- The service is down.
> LOOK_AT_STATUS : documented NET402 SCM506

# OVERLOADED
- The service is down or overloaded.
> LOOK_AT_STATUS : SCM506

# FAILED_FOR_A_MOMENT
- The server, or a gateway in front of it, failed for a moment.
> RETRY : observed OKT912 SCM506 @ONE_PERSON

# NO_CONNECTION_FOR_A_MOMENT
- The connection failed temporarily.
> RETRY : observed OKT912 @ONE_PERSON

# WRONG_NUMBERS
- A number in the server's list is missing, or is text.
> TEST : SCM512 SCM523

# OTHER_METHOD
- The server expects another kind of update: PUT instead of PATCH, PATCH instead of PUT, or another
    PATCH operation.
> REHEARSE : SCM507 REH004 REH005 @CHANGING @DEACTIVATION

# NO_SCIM_JSON
- The server does not support application/scim+json.
> TEST : SCM515

# CATALOG_APP
- The app came from Okta's catalog.
> In Okta, press "Create App Integration" and choose "SAML 2.0" or "SWA - Secure Web
    Authentication". : vendor

# ASSIGNED_TOO_EARLY
- The person was assigned before SCIM was turned on.
> In Okta, open Assignments and press "Provision User". : documented OKT908

# STORED_KEY
- The key in Okta is revoked, replaced, incomplete, or another kind of credential.
> TEST_KEY : documented KEY214 SCM501 OKT913

# DIRTY_KEY
- Something else was pasted with the key: a space, a line break, quotes, or the word "Bearer".
> TEST_KEY : KEY201 KEY202 KEY203 KEY204 KEY205 KEY206 KEY209 KEY210 KEY211 KEY212 KEY213 KEY215

# OTHER_CREDENTIAL
- Another credential was pasted: an authtoken, the id of a key, or an Okta token.
> TEST_KEY : documented KEY207 KEY208 @UNKNOWN @CALL @LOOK_UP @IMPORT @GROUPS

# PLAN_WITHOUT_SCIM
- The plan does not include SCIM.
> Ask support@ngrok.com whether SCIM is part of your plan. : NGR707

# NOT_ALLOWED_TO_WRITE
- The owner of the key has read-only access, or the access token is missing a scope.
> Run `ngrok-scim doctor --only NGR` with an admin key: it shows the owner of the key and what it
    may do. : NGR704 NGR717 SCM502

# GONE
- The account was removed in ngrok, and Okta still has its id.
> ASSIGN_AGAIN : documented OKT909

# PROBABLY_GONE
- The account was removed in ngrok, and Okta still has its id.
> ASSIGN_AGAIN : observed OKT909 @CHANGING

# NOT_THE_EMAIL
- The user name that Okta sends is not the person's e-mail address.
> EMAIL_FORMAT : OKT906 USR603 OKT914

# ATTRIBUTES
- Okta maps an attribute that the server does not accept: a phone number, an address, the manager,
    or one that was added by hand.
> CHECK_ATTRIBUTES : vendor OKT915

# WRONG_ATTRIBUTE
- An attribute in the person's profile is empty, too long, or in a format that the server does not
    accept.
> In Okta, open Directory > People, choose the person and fill in or correct the attribute that the
    message names. : OKT914

# GROUPS_ARE_PUSHED
- Okta pushes groups, which ngrok's SCIM does not support.
> NO_GROUPS : FRM306

# EXISTS_ALREADY
- Another account has the user name or e-mail address that the person has in Okta now.
> SAME_PERSON : USR605 OKT914 @CHANGING
- The user name of the account differs from the one that Okta looks for, or the account was created
    before SCIM was turned on.
> SAME_PERSON : observed SCM519 USR605
- NOT_THE_EMAIL

# NOT_ACCEPTED
- ATTRIBUTES
- WRONG_ATTRIBUTE
"""
for _row in read_rows(_SHARED):
    SHARED[_row.sentence] = _row.causes
