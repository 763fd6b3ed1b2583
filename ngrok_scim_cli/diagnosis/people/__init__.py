"""The people on both sides: users, app users, the two matched, one person traced."""
