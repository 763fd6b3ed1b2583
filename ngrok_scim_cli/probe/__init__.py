"""What Okta does, as a client."""
