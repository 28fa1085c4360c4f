"""The gateway's add-on for a mitmproxy that runs already: `mitmdump -s "$(qorgan where addons)/proxy/age_gate.py"`.

See the README beside this file for the options it needs and for what this way of running cannot promise.
"""

# ruff: noqa: INP001 - mitmproxy loads this file by its path
from gateway.edge.mitm.script import AgeGateScript

addons = [AgeGateScript()]
