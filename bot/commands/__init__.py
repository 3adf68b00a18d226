"""What `python -m bot COMMAND` does, a file each."""
