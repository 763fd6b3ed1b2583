"""What people see where Okta shows no message, in their own words.

``rows`` says how the table reads. A situation is known by one phrase of each group, in any order.
"""

from ngrok_scim_cli.diagnosis.okta.rows import read_rows

_TABLE = """
# There is no tab Provisioning
The app in Okta has no SCIM yet
The tab appears once SCIM is turned on. An OIDC app of the Classic experience cannot have it.
- OKT905
- OKT904
~ provisioning tab|tab provisioning|scim option|scim checkbox|enable scim|provisioning option|scim
    choice|scim provisioning checkbox & NOT|missing|where|gone|disappeared|hidden|absent

# Create Users cannot be ticked
A switch under To App is not there
Okta shows under To App only what is ticked in the connection.
- An action is not ticked in the connection.
> In Okta, open Provisioning > Integration > Edit, tick "Push New Users" and "Push Profile Updates",
    and save. : observed FRM304 FRM305
~ create users|update user attributes|to app &
    NOT|missing|greyed|grayed|gone|unavailable|disabled|hidden &
    tab|option|box|checkbox|button|greyed|grayed|to app|tick

# A suspended person still has access
Okta sends nothing when somebody is suspended
The person keeps the account in ngrok until they are deactivated or unassigned.
- The person is suspended, not deactivated.
> TRACE : documented OKT918
~ suspended|suspending|suspension & still|not|remain|remains|active|access|keeps &
    user|users|person|people|employee|account|accounts|okta|ngrok|app

# Somebody who came back is locked out
Okta did not reactivate somebody in ngrok
Okta reactivates the account when the person is assigned again.
- The reactivation failed, or Okta has an assignment from before.
> TRACE : OKT917 USR607
~ rehire|rehired|rehiring|came back|returned|reactivated|assigned again|reassigned &
    still|stays|stay|remains|remain|not|cannot &
    deactivated|inactive|disabled|locked|suspended|reactivated in ngrok|reactivate

# Somebody who left is still active
Somebody who left may still have access to ngrok
Okta sends a deactivation only while “Deactivate Users” is on, once, and does not retry it.
- The deactivation failed, or was never sent. The person may still have access.
> TRACE : OKT911
- OKT916
~ deactivated|deprovisioned|unassigned|removed|terminated|offboarded|left|disabled|deleted|leaver|
    leavers|former|deactivate|deactivating|deactivation|unassign|offboarding|deprovisioning|
    unassigning|removing|i
    remove|terminate & still|remain|remains|keep|keeps|stays|stay|leaves|continues|no effect|not
    deactivated|not removed|not deprovisioned|not deactivate them|not disabled & active|access|log
    in|login|sign in|enabled|signed in|not deactivated|not removed|not deprovisioned|not deactivate
    them|account|accounts|seat|seats|not disabled

# Force Sync does nothing
Okta does not create people with Force Sync
"Force Sync" updates people who are provisioned. It creates nobody.
- ASSIGNED_TOO_EARLY
- OKT916
~ force sync & NOT|does nothing|no effect

# A change is not pushed
Okta does not update somebody in ngrok
Okta pushes changes only while “Update User Attributes” is on, and only what is mapped.
- The update failed, was never sent, or Okta has another account of this person.
> TRACE : OKT914 OKT909
- OKT916
~ renaming|renamed|changing|changed & stays|still|remains|keeps & old,
    change|changes|update|updates|attribute|attributes|email|name|profile|title & NOT &
    synced|updated|pushed|reflected|propagated|propagate|propagating|sync|reflect|syncing|updating

# Provisioning fails since the key was replaced
Okta probably still has the old key
After the new key is saved in Okta, retry the failed tasks under Dashboard > Tasks.
- STORED_KEY
~ key|token|secret|credential|credentials &
    regenerated|rotated|renewed|replaced|reissued|rotating|regenerating &
    stuck|stopped|fail|fails|failed|failing|broke|broken|no longer|not|nobody|stops &
    okta|ngrok|scim|provisioning|users|sync

# People are assigned, but not created
Okta reaches the server, and creates nobody
A connector test that passes shows only that Okta can read the list of users.
- OKT916
- ASSIGNED_TOO_EARLY
- Okta tried and failed, nobody is assigned, or the e-mail domain is not approved.
> Run `ngrok-scim doctor`. With an Okta token, it shows who is not provisioned, and why. : OKT912
    OKT907 DOM801
~ red exclamation|red icon|red mark & assigned|assignment|assignments|user|users,
    user|users|people|person|employee|employees|account|accounts|members|hires|starters|group|
    nobody|assignment|i
    assign|assigning|assigned|okta & NOT & created|provisioned|pushed|appear|appears|appearing|show
    up|shows up|showing
    up|arrive|arrives|synced|happens|provisioning|syncing|pushing|linked|matched|send post|send
    requests|sent|trigger|get an|gets an|get their|get access|have an account|no ngrok account|no
    account, provisioning|users|assignments & stuck|hangs, user is|users are|person is|people
    are|account is & missing|absent & ngrok|app
"""
SITUATIONS = tuple(read_rows(_TABLE))
