"""The ngrok account: its keys and their owner, error codes, IP restrictions, domains."""
