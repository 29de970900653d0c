"""The changes that make mutants of a module: of a comparison, a sign, a number, a condition."""

import ast
from collections.abc import Iterator

Change = tuple[int, int, str]  # from where to where in the source, and what stands there instead

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
# What is not run, or holds words alone.
_LEFT_OUT = (ast.JoinedStr, ast.pattern, ast.Import, ast.ImportFrom)


def changes(source: str) -> Iterator[Change]:
    """Every change, in the order of the source."""
    lines = [0]
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line.encode()))
    encoded = source.encode()

    def position(line: int, column: int) -> int:
        return len(encoded[: lines[line - 1] + column].decode())

    for node in _run(ast.parse(source)):
        for other in _others(node):
            start = position(node.lineno, node.col_offset)
            end = position(node.end_lineno or 0, node.end_col_offset or 0)
            text = ast.unparse(other)
            whole = isinstance(node, ast.stmt | ast.Constant)
            yield start, end, text if whole else f"({text})"


def statement_line(source: str, number: int) -> int:
    """The line on which the innermost statement that reaches over a line begins."""
    spans = [
        (node.lineno, -(_last(node)))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.stmt) and node.lineno <= number <= _last(node)
    ]
    return max(spans, default=(number, 0))[0]


def _last(node: ast.stmt) -> int:
    """The last line of a statement's own; the body of an `if` is not."""
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if not body:
        return node.end_lineno or node.lineno
    first = body[0].pattern if isinstance(body[0], ast.match_case) else body[0]
    return max(node.lineno, first.lineno - 1)


def _run(tree: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """The nodes that are run: no annotations, no words."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        if name == "keywords" and _are_as_long_as_each_other(tree):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, _LEFT_OUT):
                if isinstance(child, ast.expr | ast.stmt):
                    yield child
                yield from _run(child)


def _are_as_long_as_each_other(node: ast.AST) -> bool:
    """Of `zip(…, strict=True)`, which says so where it is known: to say less changes nothing."""
    match node:
        case ast.Call(func=ast.Name(id="zip"), keywords=[ast.keyword(value=ast.Constant(True))]):
            return True
    return False


def _others(node: ast.expr | ast.stmt) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    match node:
        case ast.Compare(left=left, ops=[op, *ops], comparators=comparators):
            yield ast.Compare(left, [_COMPARED[type(op)](), *ops], comparators)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _CALCULATED:
            if not any(
                isinstance(n, ast.Constant) and isinstance(n.value, str) for n in (left, right)
            ):
                yield ast.BinOp(left, _CALCULATED[type(op)](), right)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield ast.Constant(value + 1)
        case ast.Constant(value=float() as value):
            yield ast.Constant(value * 1e4 if 0 < value < 1e-3 else value + 1)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield ast.Return(ast.Constant(None))
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            pass  # which no class that is used ever runs
        case ast.Expr(value=ast.Call()) | ast.Raise() | ast.AugAssign():
            yield ast.Pass()
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()
