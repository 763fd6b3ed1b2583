"""The values that a shell can complete. What they come from is loaded only then."""

import os
from collections.abc import Iterable


def profiles(incomplete: str) -> list[str]:
    """Return the profiles of this machine."""
    from ngrok_scim_cli.settings.paths import profiles_folder
    from ngrok_scim_cli.settings.profile_store import ProfileStore

    names = ("default", *ProfileStore(profiles_folder(os.environ)).names())
    return _beginning(dict.fromkeys(names), incomplete)


def faults(incomplete: str) -> list[str]:
    """Return the faults of the sandbox."""
    from ngrok_scim_cli.sandbox import FAULTS

    return _beginning(FAULTS, incomplete)


def codes(incomplete: str) -> list[str]:
    """Return the codes of all findings."""
    from ngrok_scim_cli.diagnosis.catalogue import CATALOGUE

    return _beginning(CATALOGUE, incomplete.upper())


def checks(incomplete: str) -> list[str]:
    """Return what doctor's ``--only`` and ``--skip`` take."""
    from ngrok_scim_cli.doctor.run import PLANS

    words = [word for plan in PLANS for word in (plan.code, plan.category, *plan.finds)]
    families = [code[:3] for plan in PLANS for code in plan.finds]
    return _beginning(dict.fromkeys((*words, *families)), incomplete)


def _beginning(words: Iterable[str], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]
