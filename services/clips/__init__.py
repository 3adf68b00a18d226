"""Films and pictures as servers made them, turned into what Telegram shows everywhere."""
