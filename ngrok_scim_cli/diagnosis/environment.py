"""What is wrong with the machine that the program runs on.

Most of it is noticed while the settings are read (``doctor.environment``).
"""

from datetime import UTC, datetime, timedelta

from ngrok_scim_cli.diagnosis.catalogue import finding
from ngrok_scim_cli.diagnosis.finding import Finding, Subject
from ngrok_scim_cli.diagnosis.rules import Rules
from ngrok_scim_cli.wire.exchange import Reply

_SKEW = timedelta(seconds=60)

rule: Rules[None] = Rules(Subject.ENVIRONMENT)
rule.describe("""
ENV001 warning documented
No keyring works on this machine
ngrok-scim keeps the API key in the system keyring, so that it is in no file. Servers and containers
    often have no keyring.
Set the environment variable NGROK_SCIM_API_KEY to the key, for example from your password manager.

ENV002
The keyring does not return the API key that this profile names
The keyring is locked, it refused access, or the key was removed from it.
Unlock the keyring, then run `ngrok-scim api-key store` and paste the key. If you no longer have the
    key, run `ngrok-scim api-key rotate` instead.

ENV003 warning documented
The clock of this machine is wrong
A wrong clock makes valid certificates look expired and puts wrong times into reports. Okta does not
    use this clock.
Turn on automatic time in the date and time settings of this machine.

ENV004 notice documented
The request went through a proxy
Okta calls ngrok from its own cloud and not through your proxy. Okta may get a different reply than
    this machine.
If Okta shows a different result, run the test again from a network without a proxy.

ENV005 warning documented
Other users of this machine can read or change a profile or key file
Anyone who reads the key can create and deactivate users in your ngrok account. Anyone who can
    change the profile can make this machine send the key to their own program.
Run `chmod 600` on the file named here.

ENV006 documented
Only NGROK_AUTHTOKEN is set, and an authtoken is not an API key
An authtoken connects the ngrok agent. ngrok's API and SCIM need an API key, which looks the same
    but comes from another page of the dashboard.
Create an API key at https://dashboard.ngrok.com/api-keys and set NGROK_API_KEY to it.

ENV007 warning documented
A value begins or ends with a space or a line break
ngrok-scim used the value without it. Another program may treat it as part of the value and fail.
Remove the spaces or the line break where this value is set.

ENV008 documented
The profile cannot be read
The file is damaged, or a newer version of ngrok-scim wrote it.
Update ngrok-scim. If the profile still cannot be read, rename its file and run `ngrok-scim setup`.

ENV009 notice documented
The test ran from this machine, not from Okta's cloud
If your ngrok account uses IP restrictions, they may allow this machine and block Okta, or the other
    way round.
In Okta, press "Test Connector Configuration" once. Only Okta can show that its own requests get
    through.
""")
ENTRIES = rule.entries


def clock_skew(reply: Reply, now: datetime) -> Finding | None:
    """Compare the clock of this machine with the ``Date`` of a reply (RFC 9110 section 6.6.1).

    Returns:
        ``ENV003`` where the two are more than 60 seconds apart.
    """
    from email.utils import parsedate_to_datetime

    try:
        there = parsedate_to_datetime(reply.header("date") or "")
        ahead = now - (there if there.tzinfo else there.replace(tzinfo=UTC))
    except (ValueError, TypeError, OverflowError):
        return None
    if abs(ahead) <= _SKEW:
        return None
    direction = "ahead of" if ahead > timedelta() else "behind"
    return finding("ENV003", f"It is {_in_words(abs(ahead))} {direction} the server's clock.")


def _in_words(span: timedelta) -> str:
    """Return a span of more than a minute in the largest unit of which there are about two."""
    seconds = span.total_seconds()
    for name, unit in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds > 1.9 * unit:
            return f"{round(seconds / unit):,} {name}"
    return f"{round(seconds)} seconds"
