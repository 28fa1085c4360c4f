import warnings

with warnings.catch_warnings():
    # Libraries that mitmproxy loads warn at import of names that they themselves have renamed.
    warnings.simplefilter("ignore")
    import mitmproxy.addons  # noqa: F401
