"""The rehearsed life of one user: what each reply means for Okta, and what Okta would show."""
