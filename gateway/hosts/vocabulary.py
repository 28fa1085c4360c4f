"""The words for what a host is (kind) and what it is about (topic). Lists may bring topics of their own."""

from typing import Final

# An unknown kind in a question counts as an internet resource; in a file it is a slip, so files are checked.
KINDS: Final = frozenset(
    {
        "cartoon",
        "encrypted-dns",
        "film",
        "forum",
        "help-line",
        "internet-resource",
        "messenger",
        "online-game",
        "online-publication",
        "private",
        "schedule",
        "search",
        "series",
        "social-network",
        "tv-channel",
        "tv-simulcast-on-web",
        "video-hosting",
        "video-page",
        "web-shop",
    }
)

# The first block are the grounds of law 169-VI, Art. 16(2); the second what lists are commonly about.
TOPICS: Final = frozenset(
    {
        "induces-self-harm",
        "obscene-vocabulary",
        "other-law-ban",
        "provokes-illegal",
        "sexual-erotic",
        "sexual-violence",
    }
    | {
        "adult",
        "advertising",
        "alcohol",
        "anonymizers",
        "dating",
        "drugs",
        "education",
        "gambling",
        "games",
        "hate",
        "health",
        "malware",
        "news",
        "occult",
        "phishing",
        "shopping",
        "streaming",
        "tobacco",
        "violence",
        "weapons",
    }
)
