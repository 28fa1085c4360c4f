"""The page tier: mitmproxy, embedded and closed."""
