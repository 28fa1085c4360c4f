"""A worker process: the proxy and the gate, with a copy of what the keeper keeps.

It is the data plane: nothing here opens the database, fetches a list or serves the control API, and none of it is
loaded.
"""
