"""Hooks called straight away: who implements a hook is found once, not at each call through every add-on.

Stock mitmproxy walks the whole chain of add-ons for every hook, through generators and context managers, and then once
more for `update`, which nobody here implements.
"""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import fields
from functools import cache
from typing import Any, ClassVar, Final

from mitmproxy import addonmanager, exceptions, hooks

Function = Callable[[Any], Any]
Tell = Callable[[str, Exception], object]
_UPDATE: Final = "update"


class DirectHooks(addonmanager.AddonManager):
    """Stands in for mitmproxy's AddonManager. An exception of one function is told, and the next one is called."""

    tell: ClassVar[Tell] = lambda _place, _fault: None  # is told where an add-on failed, and how

    def __init__(self, master: Any) -> None:
        self._found: dict[str, tuple[Function, ...]] = {}
        super().__init__(master)  # type: ignore[no-untyped-call]

    def functions(self, name: str) -> tuple[Function, ...]:
        """The functions for the hook `name`, in the order of the add-ons."""
        found = self._found.get(name)
        if found is None:
            # What is not callable is a module of that name: stock passes it over, too.
            attributes = (getattr(addon, name, None) for addon in addonmanager.traverse(self.chain))
            found = self._found[name] = tuple(function for function in attributes if callable(function))
        return found

    def begin(self, name: str, data: Any) -> Awaitable[None] | None:
        """Calls the hook `name`; None when it is done, else what is still to be awaited. Raises OptionsError only."""
        functions = self._found.get(name) or self.functions(name)
        for place, function in enumerate(functions):
            try:
                waiting = function(data)
                if waiting is not None and inspect.isawaitable(waiting):
                    return self._finish(name, data, waiting, functions[place + 1 :])
            except exceptions.AddonHalt:
                return None
            except exceptions.OptionsError:
                raise
            except Exception as fault:  # noqa: BLE001 - our own add-on never raises; mitmproxy's must not stop the others
                DirectHooks.tell(name, fault)
        return None

    async def trigger_event(self, event: hooks.Hook) -> None:
        arguments = event.args()
        if len(arguments) != 1:  # `running` and `done` have none
            await super().trigger_event(event)
        elif (waiting := self.begin(event.name, arguments[0])) is not None:
            await waiting

    async def handle_lifecycle(self, event: hooks.Hook) -> None:
        if self.functions(_UPDATE):
            await super().handle_lifecycle(event)
        elif (waiting := self.begin(event.name, argument_of(event))) is not None:
            await waiting

    def register(self, addon: Any) -> Any:
        self._found.clear()
        registered = super().register(addon)  # type: ignore[no-untyped-call]
        self._found.clear()
        return registered

    def remove(self, addon: Any) -> None:
        super().remove(addon)  # type: ignore[no-untyped-call]
        self._found.clear()

    def clear(self) -> None:
        super().clear()  # type: ignore[no-untyped-call]
        self._found.clear()

    def add(self, *addons: Any) -> None:
        super().add(*addons)  # type: ignore[no-untyped-call]
        self._found.clear()

    async def _finish(self, name: str, data: Any, waiting: Awaitable[Any], rest: tuple[Function, ...]) -> None:
        """Awaits the first function that has to wait, and then calls the others."""
        for function in (lambda _data: waiting, *rest):
            try:
                following = function(data)
                if following is not None and inspect.isawaitable(following):
                    await following
            except exceptions.AddonHalt:
                return
            except exceptions.OptionsError:
                raise
            except Exception as fault:  # noqa: BLE001 - our own add-on never raises; mitmproxy's must not stop the others
                DirectHooks.tell(name, fault)


def argument_of(hook: hooks.Hook) -> Any:
    """The one argument of a hook of the proxy; mitmproxy supports no others there."""
    return getattr(hook, _field_of(hook.name))


@cache
def _field_of(hook_name: str) -> str:
    (field,) = fields(hooks.all_hooks[hook_name])  # type: ignore[arg-type]
    return field.name
