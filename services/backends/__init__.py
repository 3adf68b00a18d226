"""Nothing but backends, one server a file."""
