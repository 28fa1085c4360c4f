"""Lists of hosts and addresses: fetched, compiled in a process of their own, and taken up between two requests."""
