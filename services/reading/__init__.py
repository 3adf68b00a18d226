"""Reading: what the bot does with a document whose pages are had."""
