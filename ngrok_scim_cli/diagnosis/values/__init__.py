"""The five values of Okta's form: parsed, validated and repaired, offline."""
