"""What the gateway remembers, and the files it watches. All access is off the event loop."""
