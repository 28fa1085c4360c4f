"""A mutated module put into a running program: the code of its functions and the values of its names are exchanged.

Loading everything anew for each mutant would take ten times as long; it is done where nothing can be exchanged.
"""

import ast
import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any


def graft(module: ModuleType, tree: ast.Module) -> bool:
    """Puts the fault in `tree` into the loaded `module`; False when nothing of it could be put there."""
    fresh: dict[str, Any] = {"__name__": module.__name__, "__file__": module.__file__}
    exec(compile(tree, str(module.__file__), "exec"), fresh)
    changed = False
    for name, new in fresh.items():
        old = vars(module).get(name)
        if name.startswith("__") or old is new:
            continue
        if isinstance(new, type):
            if new.__module__ == module.__name__:
                changed |= _exchange_class(old, new)
        elif isinstance(new, FunctionType):
            changed |= new.__module__ == module.__name__ and _exchange(old, new)
        elif not callable(new) and repr(old) != repr(new):
            _rename(old, new)
            changed = True
    return changed


def _exchange_class(old: Any, new: type) -> bool:
    changed = False
    for name, member in vars(new).items():
        for mine, other in zip(_functions(vars(old).get(name)), _functions(member), strict=False):
            changed |= _exchange(mine, other)
    return changed


def _functions(member: object) -> Iterator[FunctionType]:
    if isinstance(member, FunctionType):
        yield member
    elif isinstance(member, property) and isinstance(member.fget, FunctionType):
        yield member.fget
    elif isinstance(member, classmethod | staticmethod):
        yield member.__func__


def _exchange(old: FunctionType, new: FunctionType) -> bool:
    if old.__code__.co_freevars != new.__code__.co_freevars:
        return False
    same = (
        old.__code__ == new.__code__
        and repr(old.__defaults__) == repr(new.__defaults__)
        and repr(old.__kwdefaults__) == repr(new.__kwdefaults__)
    )
    old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__
    return not same


def _rename(old: object, new: object) -> None:
    """Every name in our modules that stands for the old value stands for the new one."""
    for loaded in [each for name, each in sys.modules.items() if name.startswith("gateway")]:
        for name, value in list(vars(loaded).items()):
            if value is old and not name.startswith("__"):
                setattr(loaded, name, new)
