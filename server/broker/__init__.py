"""The wire between processes that hold the same room."""
