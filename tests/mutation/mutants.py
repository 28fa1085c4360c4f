"""Small faults to put into a module, one at a time: each a place and the module's tree with the fault in it.

What is changed: comparisons, and/or/not, conditions, constants, members of our enumerations, max and min, arithmetic,
keywords of `replace`, and statements that do something. What is not: annotations, decorators, docstrings, and sentences
(texts with a space), which are for people to read.
"""

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

type Enums = Mapping[str, Sequence[str]]

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv}
_OTHER_CALL = {"max": "min", "min": "max", "any": "all", "all": "any"}


type _Path = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Mutant:
    """A fault in a module. `tree` is made when it is asked for: a thousand trees would be a burden to every fork."""

    line: int
    what: str
    module: ast.Module
    path: _Path = ()
    other: ast.AST | None = None

    @property
    def tree(self) -> ast.Module:
        mutated = copy.deepcopy(self.module)
        if self.other is not None:
            _put(mutated, self.path, self.other)
        return ast.fix_missing_locations(mutated)


def enums_of(sources: Sequence[str]) -> Enums:
    """The members of every enumeration that the sources define."""
    return {
        node.name: [target.id for each in node.body if isinstance(each, ast.Assign) for target in each.targets
                    if isinstance(target, ast.Name)]
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "").endswith("Enum") for base in node.bases)
    }  # fmt: skip


def mutants_of(source: str, enums: Enums) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    tree = ast.parse(source)
    for path in _places(tree, ()):
        node = _at(tree, path)
        for what, other in _variants(node, enums):
            yield Mutant(getattr(node, "lineno", 0), what, tree, path, other)


def _places(node: ast.AST, path: _Path) -> Iterator[_Path]:
    """Paths to all nodes that may be changed, the outer ones first."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params", "bases") or _is_text(node, name):
            continue
        children = value if isinstance(value, list) else [value]
        for index, child in enumerate(children):
            if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr | ast.TypeAlias | ast.expr_context):
                continue
            place: _Path = (*path, (name, index if isinstance(value, list) else None))
            yield place
            yield from _places(child, place)


def _is_text(node: ast.AST, field: str) -> bool:
    return isinstance(node, ast.Expr) and field == "value" and isinstance(node.value, ast.Constant)


def _at(node: ast.AST, path: _Path) -> ast.AST:
    for name, index in path:
        child = getattr(node, name)
        node = child if index is None else child[index]
    return node


def _put(tree: ast.AST, path: _Path, other: ast.AST) -> None:
    parent = _at(tree, path[:-1])
    name, index = path[-1]
    if index is None:
        setattr(parent, name, other)
    else:
        getattr(parent, name)[index] = other


def _variants(node: ast.AST, enums: Enums) -> Iterator[tuple[str, ast.AST]]:
    for variants in (_of_tests, _of_values, _of_calls):
        yield from variants(node, enums)


def _of_tests(node: ast.AST, _: Enums) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARED:
            for other in _COMPARED[type(op)]:
                yield f"{type(op).__name__} → {other.__name__}", _with(node, ops=[other()])
        case ast.BoolOp(op=op, values=values):
            swapped = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield f"{type(op).__name__} → {type(swapped).__name__}", _with(node, op=swapped)
            for index, value in enumerate(values):
                kept = [each for number, each in enumerate(values) if number != index]
                yield f"without {ast.unparse(value)}", kept[0] if len(kept) == 1 else _with(node, values=kept)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "without not", operand
        case ast.If(test=test) | ast.IfExp(test=test):
            yield f"if not {ast.unparse(test)}", _with(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.comprehension(ifs=[test]):
            yield f"if not {ast.unparse(test)}", _with(node, ifs=[ast.UnaryOp(ast.Not(), test)])
            yield f"without if {ast.unparse(test)}", _with(node, ifs=[])


def _of_values(node: ast.AST, enums: Enums) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.BinOp(op=op) if type(op) in _COUNTED:
            yield f"{type(op).__name__} → {_COUNTED[type(op)].__name__}", _with(node, op=_COUNTED[type(op)]())
        case ast.Constant(value=bool() as value):
            yield f"{value} → {not value}", ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield f"{value} → {value + 1}", ast.Constant(value + 1)
        case ast.Constant(value=str() as value) if value and " " not in value:
            yield f"{value!r} → {value + 'X'!r}", ast.Constant(value + "X")
        case ast.Attribute(value=ast.Name(id=owner), attr=member) if member in enums.get(owner, ()):
            members = enums[owner]
            other = members[(members.index(member) + 1) % len(members)]
            yield f"{owner}.{member} → {other}", _with(node, attr=other)


def _of_calls(node: ast.AST, _: Enums) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in _OTHER_CALL:
            yield f"{name} → {_OTHER_CALL[name]}", _with(node, func=ast.Name(_OTHER_CALL[name], ast.Load()))
        case ast.Call(func=ast.Name(id="replace") | ast.Attribute(attr="_replace"), keywords=keywords):
            for keyword in keywords:
                kept = [each for each in keywords if each is not keyword]
                yield f"without {keyword.arg}=", _with(node, keywords=kept)
        case ast.AugAssign() | ast.Continue() | ast.Break():
            yield f"without {ast.unparse(node)}", ast.Pass()
        case ast.Expr(value=ast.Call() | ast.YieldFrom() | ast.Yield()):
            yield f"without {ast.unparse(node)}", ast.Pass()


def _with(node: ast.AST, **changes: object) -> ast.AST:
    other = copy.copy(node)
    for name, value in changes.items():
        setattr(other, name, value)
    return other
