"""Audio as bytes: opened, cut, joined and written anew; neither Telegram nor the network."""
