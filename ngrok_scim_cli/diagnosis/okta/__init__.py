"""The Okta org and app: how they are set, what the System Log tells, what Okta shows and means."""
