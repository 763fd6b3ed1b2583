"""What Okta's button **Test Connector Configuration** does, judged and, if need be, repaired."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.person_reply import judge_lookup
from ngrok_scim_cli.diagnosis.endpoint.reply import Judgement, judge
from ngrok_scim_cli.diagnosis.endpoint.reply_list import listed_users
from ngrok_scim_cli.diagnosis.environment import clock_skew
from ngrok_scim_cli.diagnosis.finding import (
    Certainty,
    Finding,
    OktaView,
    Result,
    Severity,
    errors_first,
    has_errors,
    verdict_of,
)
from ngrok_scim_cli.diagnosis.okta.messages import (
    is_seen_by_the_test,
    matches,
    okta_view,
    view_of_typed,
)
from ngrok_scim_cli.diagnosis.values.key import name_of_key, same_key
from ngrok_scim_cli.diagnosis.values.validate import Repaired, Values, repair
from ngrok_scim_cli.form import OKTA_LABELS, Field
from ngrok_scim_cli.hosts import HostKind
from ngrok_scim_cli.records import dataclass
from ngrok_scim_cli.wire.exchange import Exchange, FailureKind
from ngrok_scim_cli.wire.scim import OktaScim

if TYPE_CHECKING:
    from datetime import datetime

    from ngrok_scim_cli.wire.client import Wire

    Findings = tuple[Finding, ...]

# Replies that mean "there is no SCIM at this address", so that another address is worth a try.
_WRONG_PLACE = frozenset({"SCM503", "SCM504", "SCM507", "SCM508", "SCM509", "SCM510", "SCM511"})

_OPEN_IP_RESTRICTIONS = (
    "Open https://dashboard.ngrok.com/ip-restrictions and see whether ngrok's IP restrictions let "
    "Okta's addresses in."
)

# Warnings about the key that explain why an endpoint refuses it.
_EXPLAIN_A_REFUSAL = frozenset({"KEY210", "KEY217"})
_OF_A_REFUSED_KEY = ("KEY214", "SCM501")
_NO_API_KEY = "What was sent does not look like an ngrok API key, as the first finding says."
_REFUSED = (400, 401, 403)
# Failures of which a port cannot be the cause.
_NOT_THE_PORT = (FailureKind.DNS, FailureKind.PROXY, FailureKind.WITHHELD)

# No user name that Okta would look up is longer: RFC 5321 section 4.5.3.1.3, with room to spare.
_LONGEST_NAME = 1000


@dataclass(frozen=True, slots=True)
class ConnectorOutcome:
    """A connector test as it ended, taken apart by what each finding is about.

    Attributes:
        typed: what is wrong with the values as typed.
        replied: what is wrong with the reply to the list of users.
        judged: the exchange that the verdict rests on; ``None`` where nothing was sent.
    """

    result: Result
    typed: Findings
    replied: Findings
    judged: Exchange | None


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One request of the test, the values that were sent, and how the reply was judged."""

    values: Values
    exchange: Exchange
    judgement: Judgement

    @property
    def is_wrong_place(self) -> bool:
        """Whether the reply means that there is no SCIM at this address."""
        return any(item.code in _WRONG_PLACE for item in self.judgement.findings)

    @property
    def view(self) -> OktaView:
        """What Okta would show."""
        return okta_view(self.exchange, self.judgement)


@dataclass(frozen=True, slots=True)
class ConnectorTest:
    """One run of the connector test: at most two requests, and two refused credentials.

    The request is Okta's own (``wire.scim``); values with a certain mistake are never sent as they
    were typed.

    Attributes:
        allow_empty: a list without users is a warning instead of an error.
        repairing: try another address where the reply calls for it, and look one user up.
            Without it one request is sent.
        now: the time (UTC) that the endpoint's clock is compared with.
        noticed: what is wrong on this machine.
        admin_key: the administrator's key on this machine; Okta should have another.
    """

    wire: Wire
    allow_empty: bool = False
    repairing: bool = True
    now: datetime | None = None
    noticed: tuple[Finding, ...] = ()
    admin_key: str = field(default="", repr=False)
    exchanges: list[Exchange] = field(default_factory=list)

    def run(self, values: Values) -> ConnectorOutcome:
        """Test the connector with ``values``, as they were typed."""
        typed = values.findings
        if self.admin_key and same_key(values.key, self.admin_key):
            seen = f"{name_of_key(self.admin_key)}, is also in NGROK_API_KEY."
            typed += (finding("KEY216", seen),)
        if values.has_errors:
            return self._run_repaired(values, typed)
        attempt = self._ask(values, "as typed")
        view = attempt.view
        if attempt.judgement.accepts:
            return self._ended(view, typed, attempt, looked_up=self._look_up(attempt))
        guesses, repaired, better = self._try_elsewhere(attempt)
        if guesses and attempt.judgement.accepts is None:  # it is the address and not the network
            judgement = replace(attempt.judgement, accepts=False)
            view = replace(attempt, judgement=judgement).view
        return self._ended(view, _as_causes(guesses + typed, better), better, repaired)

    def _run_repaired(self, values: Values, typed: Findings) -> ConnectorOutcome:
        view = view_of_typed(values.form, typed)
        repaired = repair(values, typed)
        if repaired is None or not _may_try(values, repaired):
            return self._ended(view, typed, None, repaired)
        attempt = self._ask(repaired.values, "repaired")
        if not any(map(is_seen_by_the_test, typed)):
            view = attempt.view
            if view.accepts:
                view = replace(view, certainty=Certainty.INFERRED)
        guesses, further, better = self._try_elsewhere(attempt)
        if further:
            repaired = further._replace(changes=repaired.changes + further.changes)
        return self._ended(view, _as_causes(typed + guesses, better), better, repaired)

    def _try_elsewhere(self, attempt: _Attempt) -> tuple[Findings, Repaired | None, _Attempt]:
        """Try the address that ngrok's would have, where this one has no SCIM.

        Returns:
            What is wrong with the address, its repair, and the better attempt; or nothing, no
            repair, and ``attempt``, where no other address does better.
        """
        values, failure = attempt.values, attempt.exchange.failure
        suspects = values.suspects() if attempt.is_wrong_place else ()
        # A port on ngrok's host explains a failure, too.
        may_be_port = failure.kind not in _NOT_THE_PORT if failure else attempt.is_wrong_place
        if not suspects and may_be_port:
            port = (item for item in values.findings if item.code == "URL116")
            suspects = tuple(replace(item, severity=Severity.ERROR) for item in port)
        repaired = repair(values, suspects) if suspects and self.repairing else None
        if repaired and _may_try(values, repaired):
            again = self._ask(repaired.values, "repaired")
            if again.exchange.reply and not again.is_wrong_place:
                return suspects, repaired, again
        return (), None, attempt

    def _ask(self, values: Values, purpose: str) -> _Attempt:
        scim = OktaScim(self.wire, values.form.base_url, values.form.authorization)
        exchange = scim.list_users(purpose=purpose)
        self.exchanges.append(exchange)
        name = name_of_key(values.key)
        judgement = judge(exchange, allow_empty=self.allow_empty, key_name=name)
        return _Attempt(values, exchange, judgement)

    def _look_up(self, attempt: _Attempt) -> Findings:
        """Look one listed user up, as Okta does at each assignment."""
        reply, form = attempt.exchange.reply, attempt.values.form
        users = listed_users(reply) if self.repairing else ()
        name = users[0].get("userName") if users else None
        if not isinstance(name, str) or len(name) > _LONGEST_NAME:
            return ()
        exchange = OktaScim(self.wire, form.base_url, form.authorization).find_user(name)
        self.exchanges.append(exchange)
        return judge_lookup(exchange, name)

    def _ended(
        self,
        view: OktaView,
        typed: Findings,
        attempt: _Attempt | None,
        repaired: Repaired | None = None,
        looked_up: Findings = (),
    ) -> ConnectorOutcome:
        """Put the result together: the findings in order, the verdict, and the repair."""
        judgement = attempt.judgement if attempt else None
        replied = judgement.findings if judgement else ()
        shown = repaired.shown if repaired else None
        if shown and repaired and attempt and attempt.values is repaired.values:
            shown = replace(shown, accepts=attempt.judgement.accepts)
        typed = _with_the_repaired_address(typed, repaired)
        circumstances = list(self.noticed)
        if attempt and attempt.exchange.reply and self.now:
            circumstances += filter(None, [clock_skew(attempt.exchange.reply, self.now)])
        if attempt and attempt.judgement.accepts and attempt.values.url.kind is HostKind.NGROK:
            circumstances.append(
                finding("ENV009", "The request came from this machine, not from Okta.")
            )
        # What makes the test itself fail comes before what makes trouble later.
        following = _following(typed, replied)
        is_seen = any(map(is_seen_by_the_test, typed))
        of_the_test = typed + following if is_seen else following + typed
        findings = _root_cause_first((*of_the_test, *looked_up, *circumstances))
        conclusive = judgement is None or judgement.accepts is not None or has_errors(typed)
        result = Result(
            command="test-connect",
            verdict=verdict_of(findings, conclusive=conclusive),
            okta=view,
            findings=findings,
            repair=shown,
            users=judgement.users if judgement else None,
            exchanges=tuple(self.exchanges),
        )
        judged = attempt.exchange if attempt else None
        return ConnectorOutcome(result, typed, replied, judged)


def compared(result: Result, okta_sentence: str) -> Result:
    """Return ``result`` compared with the sentence that Okta showed.

    Where these values pass and Okta showed a failure, that is a finding of its own and no pass.
    """
    if result.okta is None:
        return result
    comparison = matches(okta_sentence, result.okta)
    okta = replace(result.okta, fits=comparison.fits, comparison=comparison.explanation)
    if not okta.accepts or comparison.fits:
        return replace(result, okta=okta)
    fix = _OPEN_IP_RESTRICTIONS if "forbidden" in okta_sentence.lower() else None
    differs = finding("FRM309", "Okta showed a failure. Here, the same test passes.", fix=fix)
    findings = _root_cause_first((differs, *result.findings))
    return replace(result, okta=okta, findings=findings, verdict=verdict_of(findings))


def _may_try(values: Values, repaired: Repaired) -> bool:
    """Tell whether the repaired values may be sent: to ngrok's host, or to the host as typed."""
    after = repaired.values.url
    same_host = after.parts.host.lower() == values.url.parts.host.lower()
    return not repaired.values.has_errors and (after.kind is HostKind.NGROK or same_host)


def _as_causes(typed: Findings, attempt: _Attempt) -> Findings:
    """Put first, as errors, the warnings about the key that explain why it is refused."""
    if attempt.exchange.status not in _REFUSED:
        return typed
    causes = tuple(
        replace(item, severity=Severity.ERROR) for item in typed if item.code in _EXPLAIN_A_REFUSAL
    )
    return causes + tuple(item for item in typed if item.code not in _EXPLAIN_A_REFUSAL)


def _following(typed: Findings, replied: Findings) -> Findings:
    """Return what the reply adds: not that something other than an API key is refused as one."""
    if not has_errors(item for item in typed if item.code in _EXPLAIN_A_REFUSAL):
        return replied
    from ngrok_scim_cli.diagnosis.endpoint.reply_status import FOLLOW_THE_FIRST

    return tuple(
        replace(item, cause=_NO_API_KEY, fix=FOLLOW_THE_FIRST)
        if item.code in _OF_A_REFUSED_KEY and item.cause.startswith("The key ")
        else item
        for item in replied
        if item.code != "KEY215"
    )


def _with_the_repaired_address(typed: Findings, repaired: Repaired | None) -> Findings:
    """Let a fix name the repaired address where that is not ngrok's own."""
    if repaired is None or repaired.values.url.kind in (HostKind.NGROK, HostKind.OTHER):
        return typed  # the catalogue's own texts name ngrok's address
    codes = {item.code for item in repaired.changes if item.field is Field.BASE_URL}
    fix = f'Type {repaired.values.form.base_url} into "{OKTA_LABELS[Field.BASE_URL]}".'
    return tuple(replace(item, fix=fix) if item.code in codes else item for item in typed)


def _root_cause_first(findings: Findings) -> Findings:
    """Order by severity, keep the order within it, and name each code once."""
    by_code = {item.code: item for item in reversed(findings)}
    return errors_first(by_code[code] for code in dict.fromkeys(item.code for item in findings))
