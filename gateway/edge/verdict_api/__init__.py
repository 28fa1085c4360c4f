"""The verdict API: what the browser add-on asks of its gateway, on the port of the control API.

Whoever asks is a device that was paired with one person of the policy, and proves it by its token. `openapi.yaml`
describes every path.
"""
