"""The version of the add-on, as browsers count versions: up to four whole numbers and nothing else.

Chromium takes numbers from 0 to 65535 (developer.chrome.com/docs/extensions/reference/manifest/version).
"""

import re
from typing import Final

_MOST: Final = 65_535
_STEP: Final = 10_000  # more than a release has candidates
_BEFORE: Final = {"dev": 1, "a": 2, "b": 3, "rc": 4}
_RELEASE: Final = re.compile(
    r"(?P<numbers>\d+(?:\.\d+){0,2})(?:(?P<before>a|b|rc)(?P<before_number>\d+))?"
    r"(?:\.post(?P<post>\d+))?(?:\.dev(?P<dev>\d+))?(?:\+[a-z0-9.]+)?"
)


def browser_version(version: str) -> str:
    """A version of Python packages (PEP 440, at most three numbers) as browsers write it, in the same order.

    A release keeps its numbers. What comes before it must be less than it, so it counts on from the number before.
    Raises ValueError.
    """
    match = _RELEASE.fullmatch(version)
    if match is None:
        raise ValueError(f"{version!r} is no version with at most three numbers")
    numbers = [int(number) for number in match["numbers"].split(".")]
    numbers += [0] * (3 - len(numbers))
    before = "dev" if match["dev"] is not None else match["before"]
    if before is None:
        found = numbers if match["post"] is None else [*numbers, int(match["post"])]
    elif match["post"] is not None or (match["dev"] is not None and match["before"] is not None):
        raise ValueError(f"{version!r} has no place among the versions of a browser")
    else:
        found = [*_number_before(numbers), _BEFORE[before] * _STEP + int(match["dev"] or match["before_number"] or 0)]
    if max(found) > _MOST or any(int(match[name] or 0) >= _STEP for name in ("dev", "before_number", "post")):
        raise ValueError(f"{version!r} has a number that is too great for a browser")
    return ".".join(str(number) for number in found)


def _number_before(numbers: list[int]) -> list[int]:
    last = next((index for index in (2, 1, 0) if numbers[index]), None)
    if last is None:
        raise ValueError("nothing comes before the version 0.0.0")
    return [*numbers[:last], numbers[last] - 1, *([_MOST] * (2 - last))]
