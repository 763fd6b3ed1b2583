"""What Okta's button **Test Connector Configuration** does, judged and, if need be, repaired."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.endpoint.reply import clock_skew, judge, judge_lookup, listed_users
from ngrok_scim_cli.diagnosis.finding import Certainty, Result, Severity, verdict_of
from ngrok_scim_cli.diagnosis.okta.messages import (
    is_seen_by_the_test,
    matches,
    okta_view,
    view_of_typed,
)
from ngrok_scim_cli.diagnosis.values.validate import (
    EndpointKind,
    Trust,
    endpoint_kind,
    examine,
    suspect,
)
from ngrok_scim_cli.form import OKTA_LABELS, Field
from ngrok_scim_cli.wire.scim import OktaScim

if TYPE_CHECKING:
    from datetime import datetime

    from ngrok_scim_cli.diagnosis.endpoint.reply import Judgement
    from ngrok_scim_cli.diagnosis.finding import Finding, OktaView, Repair
    from ngrok_scim_cli.form import Form
    from ngrok_scim_cli.wire.client import Wire
    from ngrok_scim_cli.wire.exchange import Exchange

# Replies that mean "there is no SCIM at this address", so that another address is worth a try.
_WRONG_PLACE = frozenset({"SCM503", "SCM504", "SCM507", "SCM508", "SCM509", "SCM510", "SCM511"})

_SEVERITIES = tuple(Severity)

# The texts of the catalogue name ngrok's own address.
_NOT_HERE = (EndpointKind.NGROK, EndpointKind.OTHER)

# No user name that Okta would look up is longer: RFC 5321 section 4.5.3.1.3, with room to spare.
_LONGEST_NAME = 1000

_OK = 200


@dataclass(frozen=True, slots=True)
class Tested:
    """A connector test as it ended, taken apart by what each finding is about.

    Attributes:
        result: the whole of it, the root cause first.
        typed: what is wrong with the letters of the values.
        replied: what was found in the reply that counts, ``judged``.
        looked_up: what the look-up of one user found; ``None`` where none was made.
        circumstances: what bears on the verdict without being a mistake in the values.
        judged: the exchange that the verdict rests on; ``None`` where nothing was sent.
    """

    result: Result
    typed: tuple[Finding, ...] = ()
    replied: tuple[Finding, ...] = ()
    looked_up: tuple[Finding, ...] | None = None
    circumstances: tuple[Finding, ...] = ()
    judged: Exchange | None = None


class ConnectorTest:
    """One run of the connector test: at most two requests, and two refused credentials.

    The request is Okta's own (``wire.scim``); values with a certain mistake are never sent as they
    were typed.
    """

    def __init__(
        self,
        wire: Wire,
        *,
        trust: Trust | None = None,
        allow_empty: bool = False,
        repairing: bool = True,
        now: datetime | None = None,
        noticed: tuple[Finding, ...] = (),
        admin_key: str = "",
    ) -> None:
        """Prepare a run.

        Args:
            wire: what sends the requests.
            trust: the hosts that the person allowed.
            allow_empty: take a list without users for a warning instead of an error.
            repairing: try further what a reply calls for: another address, and the look-up that
                Okta does at each assignment. Without it one request is sent.
            now: the time (UTC) that the endpoint's clock is compared with; ``None`` leaves it out.
            noticed: what was found on this machine before the test.
            admin_key: the administrator's key that this machine has; Okta should have another.
        """
        self._wire = wire
        self._trust = trust or Trust()
        self._allow_empty = allow_empty
        self._repairing = repairing
        self._now = now
        self._noticed = noticed
        self._admin_key = admin_key
        self._exchanges: list[Exchange] = []

    def run(self, form: Form) -> Tested:
        """Test the connector with the values of ``form``, as they stand there."""
        typed = self.examine(form)
        if not _errors(typed):
            return self._run_as_typed(form, typed)
        return self._run_repaired(form, typed)

    def examine(self, form: Form) -> tuple[Finding, ...]:
        """Find what is wrong with the letters of ``form``; nothing is sent."""
        return examine(form, self._trust) + self._shared_key(form)

    def _shared_key(self, form: Form) -> tuple[Finding, ...]:
        """Say so where Okta is to get the administrator's own key."""
        if not self._admin_key:
            return ()
        from ngrok_scim_cli.diagnosis.values.key import name_of_key, same_key

        if not same_key(form.authorization, self._admin_key):
            return ()
        seen = f"{name_of_key(self._admin_key)}, stands in NGROK_API_KEY, too."
        return (finding("KEY216", seen),)

    def _run_as_typed(self, form: Form, typed: tuple[Finding, ...]) -> Tested:
        attempt = self._ask(form, "as typed")
        view = okta_view(attempt.exchange, attempt.judgement)
        if attempt.judgement.accepts:
            return self._tested(view, typed, attempt, looked_up=self._look_up(form, attempt))
        guesses, mended, better = self._try_elsewhere(form, attempt)
        return self._tested(view, guesses + typed, better, mended=mended)

    def _run_repaired(self, form: Form, typed: tuple[Finding, ...]) -> Tested:
        view = view_of_typed(form, typed)
        from ngrok_scim_cli.diagnosis.values.repair import repair

        mended = repair(form, typed, self._trust)
        if mended is None or not self._may_try(form, mended):
            return self._tested(view, typed, None, mended=mended)
        attempt = self._ask(mended.form, "repaired")
        if not _sees(typed):
            view = _unchanged_by_the_form(okta_view(attempt.exchange, attempt.judgement))
        guesses, further, better = self._try_elsewhere(mended.form, attempt)
        whole = replace(
            further or mended,
            changes=mended.changes + (further.changes if further else ()),
            accepts=better.judgement.accepts,
        )
        return self._tested(view, typed + guesses, better, mended=whole)

    def _may_try(self, form: Form, mended: Repair) -> bool:
        """Tell whether the repaired values may be sent: never with the key to another host."""
        from ngrok_scim_cli.diagnosis.values.repair import changes_host

        is_mended = not _errors(examine(mended.form, self._trust))
        return is_mended and not changes_host(form.base_url, mended.form.base_url)

    def _try_elsewhere(
        self, form: Form, attempt: _Attempt
    ) -> tuple[tuple[Finding, ...], Repair | None, _Attempt]:
        """Try the address that ngrok's would have, where this one has no SCIM.

        Returns:
            What is wrong with the address, its repair, and the better attempt; or nothing, no
            repair, and ``attempt``, where no other address does better.
        """
        if not self._repairing or not _is_wrong_place(attempt.judgement):
            return (), None, attempt
        from ngrok_scim_cli.diagnosis.values.repair import repair

        guesses = suspect(form, self._trust)
        mended = repair(form, guesses, self._trust)
        if mended is None:
            return (), None, attempt
        again = self._ask(mended.form, "repaired")
        if again.judgement.accepts is None or _is_wrong_place(again.judgement):
            return (), None, attempt
        return guesses, replace(mended, accepts=again.judgement.accepts), again

    def _ask(self, form: Form, purpose: str) -> _Attempt:
        scim = OktaScim(self._wire, form.base_url, form.authorization)
        exchange = scim.list_users(purpose=purpose)
        self._exchanges.append(exchange)
        judgement = judge(
            exchange,
            allow_empty=self._allow_empty,
            key_name=_name_of_key(form.authorization, exchange),
        )
        return _Attempt(exchange, judgement)

    def _look_up(self, form: Form, attempt: _Attempt) -> tuple[Finding, ...] | None:
        """Look one listed user up, as Okta does at each assignment."""
        reply = attempt.exchange.reply
        users = listed_users(reply) if reply and self._repairing else ()
        name = users[0].get("userName") if users else None
        if not isinstance(name, str) or len(name) > _LONGEST_NAME:
            return None
        exchange = OktaScim(self._wire, form.base_url, form.authorization).find_user(name)
        self._exchanges.append(exchange)
        return judge_lookup(exchange, name)

    def _tested(
        self,
        view: OktaView,
        typed: tuple[Finding, ...],
        attempt: _Attempt | None,
        *,
        mended: Repair | None = None,
        looked_up: tuple[Finding, ...] | None = None,
    ) -> Tested:
        replied = attempt.judgement.findings if attempt else ()
        if mended is not None:
            from ngrok_scim_cli.diagnosis.values.repair import presentable

            mended = presentable(mended, self._trust)
        typed = self._with_the_repaired_address(typed, mended)
        circumstances = self._noticed + (self._circumstances(attempt) if attempt else ())
        # What makes the test itself fail stands before what makes trouble later.
        of_the_test = typed + replied if _sees(typed) else replied + typed
        findings = _root_cause_first(of_the_test + (looked_up or ()) + circumstances)
        told = attempt is None or attempt.judgement.accepts is not None or bool(_errors(typed))
        return Tested(
            Result(
                command="test-connect",
                verdict=verdict_of(findings, told=told),
                okta=view,
                findings=findings,
                repair=mended,
                users=attempt.judgement.users if attempt else None,
                exchanges=tuple(self._exchanges),
            ),
            typed=typed,
            replied=replied,
            looked_up=looked_up,
            circumstances=circumstances,
            judged=attempt.exchange if attempt else None,
        )

    def _with_the_repaired_address(
        self, typed: tuple[Finding, ...], mended: Repair | None
    ) -> tuple[Finding, ...]:
        """Let a fix name the repaired address where that is not ngrok's own."""
        if mended is None or endpoint_kind(mended.form.base_url, self._trust) in _NOT_HERE:
            return typed
        codes = {item.code for item in mended.changes if item.field is Field.BASE_URL}
        fix = f"Type {mended.form.base_url} into “{OKTA_LABELS[Field.BASE_URL]}”."
        return tuple(replace(item, fix=fix) if item.code in codes else item for item in typed)

    def _circumstances(self, attempt: _Attempt) -> tuple[Finding, ...]:
        exchange = attempt.exchange
        found = []
        if exchange.reply and self._now:
            found.append(clock_skew(exchange.reply, self._now))
        if attempt.judgement.accepts and (
            endpoint_kind(exchange.url, self._trust) is EndpointKind.NGROK
        ):
            found.append(finding("ENV009", "The request came from this machine, not from Okta."))
        return tuple(item for item in found if item)


def compared(result: Result, okta_sentence: str) -> Result:
    """Return ``result`` with a word on whether the sentence that Okta showed fits it.

    Args:
        result: the result of a connector test.
        okta_sentence: what Okta showed, whole or a part.
    """
    if result.okta is None:
        return result
    comparison = matches(okta_sentence, result.okta)
    okta = replace(result.okta, fits=comparison.fits, comparison=comparison.explanation)
    return replace(result, okta=okta)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One request of the test, and what is to be made of it."""

    exchange: Exchange
    judgement: Judgement


def _name_of_key(key: str, exchange: Exchange) -> str:
    """Return how the key is called where a reply refuses it; a list of users calls it nothing."""
    if exchange.reply is None or exchange.reply.status == _OK:
        return ""
    from ngrok_scim_cli.diagnosis.values.key import name_of_key

    return name_of_key(key)


def _errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(item for item in findings if item.severity is Severity.ERROR)


def _unchanged_by_the_form(view: OktaView) -> OktaView:
    """Return what Okta shows where the form has mistakes that its test does not look at."""
    return replace(view, certainty=Certainty.INFERRED) if view.accepts else view


def _sees(typed: tuple[Finding, ...]) -> bool:
    """Tell whether Okta's test sees any of these mistakes."""
    return any(is_seen_by_the_test(item) for item in typed)


def _is_wrong_place(seen: Judgement) -> bool:
    return any(item.code in _WRONG_PLACE for item in seen.findings)


def _root_cause_first(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Order by severity, keep the order within it, and name each code once."""
    by_code: dict[str, Finding] = {}
    for item in findings:
        by_code.setdefault(item.code, item)
    return tuple(sorted(by_code.values(), key=lambda item: _SEVERITIES.index(item.severity)))
