"""What the bot remembers; the only SQL."""
