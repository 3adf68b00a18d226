"""A Bot API server on this machine with a chat page: Telegram without a token."""
