"""What every command works with: session, options, prompts, output, progress."""
