"""The commands: a file for each, or for a group of them. No rule and no request of its own."""
