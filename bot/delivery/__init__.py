"""From a reply to messages on a screen: rendering, pace, live text, and nothing lost on the way."""
