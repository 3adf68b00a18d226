"""Speaking: an answer is read aloud while it is being written."""
