"""The label data that is built into the browser add-on: made from the shipped policies/ whenever it is asked for."""

import json

from gateway.edge.ruling import label_data
from gateway.labels.to_json import data_as_json
from gateway.labels.to_traces import traces_as_json


def addon_data() -> str:
    """The shipped label data as one line of JSON, for `compileData` of addons/browser/labels/data.js."""
    return json.dumps(data_as_json(label_data()), ensure_ascii=False, separators=(",", ":"))


def addon_traces() -> str:
    """The traces of all labels as a content script, for `Traces` of addons/browser/content/traces.js."""
    traces = json.dumps(traces_as_json(label_data()), ensure_ascii=False, separators=(",", ":"))
    return f"globalThis.qorgan = {{ ...globalThis.qorgan, TRACES: {traces} }};\n"
