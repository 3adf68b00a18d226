"""Telegram's types in, ours out; one Router a file."""
