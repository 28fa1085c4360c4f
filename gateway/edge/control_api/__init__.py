"""The control API: what the gateway tells of itself and takes orders by, and the page where its CA is fetched.

Whoever asks must know the token; an address on loopback proves nothing. What is shown comes from a `Console`, so that
this package knows nothing of the proxy. `pages/openapi.yaml` describes every path.
"""
