"""Every check of ``doctor``, in the order in which they are printed."""

from ngrok_scim_cli.doctor import account, connector, domains, machine, okta, person_reads, users

PLANS = (
    *machine.PLANS,
    *connector.PLANS,
    *person_reads.PLANS,
    *account.PLANS,
    *domains.PLANS,
    *okta.PLANS,
    *users.PLANS,
)
"""By their codes, no two alike."""
