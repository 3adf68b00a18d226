"""What the bot can do; no Telegram, no SQL."""
