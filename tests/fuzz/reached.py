"""Which lines of the gateway were ever reached: an input that reaches a new one is worth changing further."""

import sys
from types import CodeType
from typing import Final

_TOOL: Final = 3  # one of those that nobody else has
_OURS: Final = "/gateway/"


class Reached:
    """Counts lines once each. After its first time a line costs nothing more, so times stay true."""

    def __init__(self) -> None:
        self.lines = 0
        monitoring = sys.monitoring
        monitoring.use_tool_id(_TOOL, "fuzz")
        monitoring.register_callback(_TOOL, monitoring.events.LINE, self._met)
        monitoring.set_events(_TOOL, monitoring.events.LINE)

    def _met(self, code: CodeType, _line: int) -> object:
        if _OURS in code.co_filename:
            self.lines += 1
        return sys.monitoring.DISABLE
