"""What people see where Okta shows no message, in their own words."""

from ngrok_scim_cli.diagnosis.okta import causes, fixes
from ngrok_scim_cli.diagnosis.okta.causes import DOCUMENTED, OBSERVED, Cause, Row, by_code, row

# Each is known by one phrase of each group behind it, in any order; ``|`` divides the phrases.
SITUATIONS: tuple[Row, ...] = (
    row(
        "There is no tab Provisioning",
        "The app in Okta has no SCIM yet",
        "The tab appears once SCIM is turned on for the app. An OIDC app of the Classic "
        "experience cannot have it.",
        by_code("OKT905"),
        by_code("OKT904"),
        wordings="""provisioning tab|tab provisioning|scim option|scim checkbox|enable
        scim|provisioning option|scim choice|scim provisioning checkbox &
        NOT|missing|where|gone|disappeared|hidden|absent""",
    ),
    row(
        "Create Users cannot be ticked",
        "A switch under To App is not there",
        "Okta shows under To App only what is ticked in the connection.",
        Cause(
            "An action is not ticked in the connection.",
            'In Okta, open Provisioning > Integration > Edit, tick "Push New Users" and '
            '"Push Profile Updates", and save.',
            ("FRM304", "FRM305"),
            OBSERVED,
        ),
        wordings="""create users|update user attributes|to app &
        NOT|missing|greyed|grayed|gone|unavailable|disabled|hidden &
        tab|option|box|checkbox|button|greyed|grayed|to app|tick""",
    ),
    row(
        "A suspended person still has access",
        "Okta sends nothing when somebody is suspended",
        "The person keeps the account in ngrok until they are deactivated or unassigned.",
        Cause("The person is suspended, not deactivated.", fixes.TRACE, ("OKT918",), DOCUMENTED),
        wordings="""suspended|suspending|suspension & still|not|remain|remains|active|access|keeps &
        user|users|person|people|employee|account|accounts|okta|ngrok|app""",
    ),
    row(
        "Somebody who came back is locked out",
        "Okta did not reactivate somebody in ngrok",
        "Okta reactivates the account when the person is assigned again.",
        Cause(
            "The reactivation failed, or Okta has an assignment from before.",
            fixes.TRACE,
            ("OKT917", "USR607"),
        ),
        wordings="""rehire|rehired|rehiring|came back|returned|reactivated|assigned again|reassigned
        & still|stays|stay|remains|remain|not|cannot &
        deactivated|inactive|disabled|locked|suspended|reactivated in ngrok|reactivate""",
    ),
    row(
        "Somebody who left is still active",
        "Somebody who left may still have access to ngrok",
        "Okta deactivates people only while “Deactivate Users” is on, sends a deactivation "
        "once, and does not retry it.",
        Cause(
            "The deactivation failed, or was never sent. The person may still have access.",
            fixes.TRACE,
            ("OKT911",),
        ),
        by_code("OKT916"),
        wordings="""deactivated|deprovisioned|unassigned|removed|terminated|offboarded|left|disabled|deleted|leaver|leavers|former|deactivate|deactivating|deactivation|unassign|offboarding|deprovisioning|unassigning|removing|i
        remove|terminate & still|remain|remains|keep|keeps|stays|stay|leaves|continues|no effect|not
        deactivated|not removed|not deprovisioned|not deactivate them|not disabled &
        active|access|log in|login|sign in|enabled|signed in|not deactivated|not removed|not
        deprovisioned|not deactivate them|account|accounts|seat|seats|not disabled""",
    ),
    row(
        "Force Sync does nothing",
        "Okta does not create people with Force Sync",
        '"Force Sync" updates people who are provisioned. It creates nobody.',
        causes.ASSIGNED_TOO_EARLY,
        by_code("OKT916"),
        wordings="force sync & NOT|does nothing|no effect",
    ),
    row(
        "A change is not pushed",
        "Okta does not update somebody in ngrok",
        "Okta pushes changes only while “Update User Attributes” is on, and each attribute "
        "only as its mapping says.",
        Cause(
            "The update failed, was never sent, or Okta has another account of this person.",
            fixes.TRACE,
            ("OKT914", "OKT909"),
        ),
        by_code("OKT916"),
        wordings="""renaming|renamed|changing|changed & stays|still|remains|keeps & old,
        change|changes|update|updates|attribute|attributes|email|name|profile|title & NOT &
        synced|updated|pushed|reflected|propagated|propagate|propagating|sync|reflect|syncing|updating""",
    ),
    row(
        "Provisioning fails since the key was replaced",
        "Okta probably still has the old key",
        "Okta uses the key that was saved last. After the new key is saved, retry the failed "
        "tasks under Dashboard > Tasks.",
        causes.STORED_KEY,
        wordings="""key|token|secret|credential|credentials &
        regenerated|rotated|renewed|replaced|reissued|rotating|regenerating &
        stuck|stopped|fail|fails|failed|failing|broke|broken|no longer|not|nobody|stops &
        okta|ngrok|scim|provisioning|users|sync""",
    ),
    row(
        "People are assigned, but not created",
        "Okta reaches the server, and creates nobody",
        "A connector test that passes shows only that Okta can read the list of users.",
        by_code("OKT916"),
        causes.ASSIGNED_TOO_EARLY,
        Cause(
            "Okta tried and failed, nobody is assigned, or the e-mail domain is not approved.",
            "Run `ngrok-scim doctor`. With an Okta token, it shows who is not provisioned, "
            "and why.",
            ("OKT912", "OKT907", "DOM801"),
        ),
        wordings="""red exclamation|red icon|red mark & assigned|assignment|assignments|user|users,
        user|users|people|person|employee|employees|account|accounts|members|hires|starters|group|nobody|assignment|i
        assign|assigning|assigned|okta & NOT &
        created|provisioned|pushed|appear|appears|appearing|show up|shows up|showing
        up|arrive|arrives|synced|happens|provisioning|syncing|pushing|linked|matched|send post|send
        requests|sent|trigger|get an|gets an|get their|get access|have an account|no ngrok
        account|no account, provisioning|users|assignments & stuck|hangs, user is|users are|person
        is|people are|account is & missing|absent & ngrok|app""",
    ),
)
