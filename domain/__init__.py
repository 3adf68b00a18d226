"""The words of the project: records, routes and errors; only the standard library."""
