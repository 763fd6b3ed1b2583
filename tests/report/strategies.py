"""Results made at random, with any text in every field that holds text."""

from hypothesis import strategies as st

from ngrok_scim_cli.diagnosis.finding import (
    Certainty,
    Change,
    Check,
    CheckStatus,
    Finding,
    OktaView,
    Repair,
    Result,
    Severity,
    Step,
    StepStatus,
    Subject,
    UserCount,
    Verdict,
)
from ngrok_scim_cli.form import Field, Form
from ngrok_scim_cli.wire.exchange import Exchange, Failure, FailureKind, Reply
from tests.report.results import HOSTILE_TEXT

_PIECES = st.sampled_from(
    [*HOSTILE_TEXT.split(" "), "\n", "\r\n", "\t", " ", "|", "\\", "`", "```", "a" * 130, "漢" * 70]
)
# Halves of characters (surrogates) among them: a broken text may hold some.
texts = st.one_of(st.text(st.characters(), max_size=60), st.lists(_PIECES, max_size=8).map("".join))
codes = st.sampled_from(["KEY202", "URL109", "SCM516", "NET412"])
times = st.integers(0, 10**7)

findings = st.builds(
    Finding,
    code=codes,
    severity=st.sampled_from(Severity),
    subject=st.sampled_from(Subject),
    title=texts,
    evidence=texts,
    cause=texts,
    fix=texts,
    more=texts,
)
checks = st.builds(
    Check,
    code=texts,
    name=texts,
    category=texts,
    status=st.sampled_from(CheckStatus),
    reason=texts,
    elapsed_ms=times,
)
repairs = st.builds(
    Repair,
    changes=st.lists(
        st.builds(Change, field=st.sampled_from(Field), code=codes, change=texts), max_size=3
    ).map(tuple),
    form=st.builds(
        Form,
        base_url=texts,
        unique_identifier=texts,
        auth_mode=texts,
        actions=st.lists(texts, max_size=3).map(tuple),
    ),
    accepts=st.none() | st.booleans(),
)
replies = st.builds(
    Reply,
    status=st.integers(100, 599),
    headers=texts.map(lambda text: (("content-type", text),)),
    body=st.binary(max_size=9),
)
failures = st.builds(Failure, kind=st.sampled_from(FailureKind), detail=texts)
exchanges = st.builds(
    Exchange,
    purpose=texts,
    method=st.sampled_from(["GET", "POST"]),
    url=texts,
    reply=replies,
    elapsed_ms=times,
) | st.builds(Exchange, purpose=texts, method=st.just("GET"), url=texts, failure=failures)
results = st.builds(
    Result,
    command=st.sampled_from(["test-connect", "doctor", "setup", "okta-values", "users audit"]),
    verdict=st.sampled_from(Verdict),
    okta=st.none()
    | st.builds(
        OktaView,
        accepts=st.none() | st.booleans(),
        message=texts,
        certainty=st.sampled_from(Certainty),
        fits=st.none() | st.booleans(),
        comparison=texts,
    ),
    findings=st.lists(findings, max_size=3).map(tuple),
    checks=st.lists(checks, max_size=3).map(tuple),
    repair=st.none() | repairs,
    users=st.none()
    | st.builds(UserCount, total=st.integers(-1, 10**12), returned=st.integers(0, 10**6)),
    exchanges=st.lists(exchanges, max_size=2).map(tuple),
    steps=st.lists(
        st.builds(Step, name=texts, status=st.sampled_from(StepStatus), detail=texts), max_size=3
    ).map(tuple),
    remaining=st.lists(texts, max_size=3).map(tuple),
)
