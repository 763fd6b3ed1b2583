"""What a person types: one file a command. No rule and no request of its own."""
