"""The structure of the source: floors, names, the index."""

import ast
import pathlib
import re
import subprocess
import sys

import eagle
from eagle.names import NAMES

HOME = pathlib.Path(eagle.__file__).parent

# A package imports only from packages before it (or from itself); the modules of `core` are floors of their own.
FLOORS = (
    "protos core platform onednn ops run variables autograph functions data saved distribute summary training linear_operators "
    "lookup distributions losses metrics ragged keras layers rnn sessions feature_column estimator testing tutorials contrib legacy"
).split()  # fmt: skip
CORE = (
    "versions export identity memory nest proto_names dtypes op_definitions variants shape compat errors context tracing "
    "tensor_proto attributes device tensor operation graph_scopes hidden_ops graph_writer graph collections scopes "
    "deprecation constant convert inference known tape state seeds dispatch op type_spec tensor_spec indexed_slices "
    "backprop gradient_registry graph_gradients gradient_tape custom_gradient func_graph equality sparse_tensor "
    "session_tensors static_values trackable"
).split()


def modules():
    for path in sorted(HOME.rglob("*.py")):
        yield path.relative_to(HOME).with_suffix("").parts, path


def imports(parts, path):
    """The modules of Eagle that a module imports, as paths below the package, with the depth of the statement."""
    package = list(parts[:-1])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - (node.level - 1)] + (node.module.split(".") if node.module else [])
            for alias in node.names:
                yield tuple(base), alias.name, node


def test_every_import_goes_down():
    wrong = []
    for parts, path in modules():
        if len(parts) == 1:
            continue
        for target, name, _ in imports(parts, path):
            if not target:
                target = (name,)
            if target[0] == parts[0] or target[0] not in FLOORS:
                continue
            if FLOORS.index(target[0]) > FLOORS.index(parts[0]):
                wrong.append("%s imports %s" % ("/".join(parts), "/".join(target)))
    assert not wrong


def names_of_public(tree):
    """What a module calls the object that finds public names late (`public` of core/export.py)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.endswith("core.export"):
            yield from (alias.asname or alias.name for alias in node.names if alias.name == "public")


def dotted(node):
    """The parts of an attribute of an attribute ... of a variable; empty if it is no such thing."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    return [node.id, *parts] if isinstance(node, ast.Name) else []


def test_public_names_are_found_below():
    """What is not imported but found by its public name when it is needed (`tf.concat`) is of this floor or below, too."""
    homes = {name: module.split(".")[0] for module, names in NAMES.items() for name in names.split()}
    wrong = []
    for parts, path in modules():
        tree = ast.parse(path.read_text())
        own = set(names_of_public(tree))
        if len(parts) == 1 or not own:
            continue
        for node in ast.walk(tree):
            first, *rest = dotted(node) or [None]
            home = homes.get(".".join(rest)) if first in own else None
            if home in FLOORS and FLOORS.index(home) > FLOORS.index(parts[0]):
                wrong.append("%s uses tf.%s of %s" % ("/".join(parts), ".".join(rest), home))
    assert not wrong


def test_floors_of_core():
    wrong = []
    for name in CORE:
        for target, imported, _ in imports(("core", name), HOME / "core" / (name + ".py")):
            below = imported if target == ("core",) else target[1] if len(target) > 1 and target[0] == "core" else None
            if below in CORE and CORE.index(below) >= CORE.index(name):
                wrong.append("%s imports %s" % (name, below))
    files = {p.stem for p in (HOME / "core").glob("*.py")} - {"__init__"}
    assert not wrong and files == set(CORE)


def test_no_cycles():
    graph = {}
    known = {parts for parts, _ in modules()}
    for parts, path in modules():
        for target, name, _ in imports(parts, path):
            for candidate in ((*target, name), (*target, name, "__init__"), target, (*target, "__init__")):
                if candidate in known and candidate != parts:
                    graph.setdefault(parts, set()).add(candidate)
                    break
    done, path = set(), []

    def visit(node):
        assert node not in path, "a cycle: %s" % [*path, node]
        if node in done:
            return
        path.append(node)
        for other in sorted(graph.get(node, ())):
            visit(other)
        path.pop()
        done.add(node)

    for node in sorted(graph):
        visit(node)


def test_no_import_inside_functions():
    """Only heavy optional libraries are imported late; a module of Eagle never, to dodge a cycle."""
    late = []
    for parts, path in modules():
        tree = ast.parse(path.read_text())
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.ImportFrom) and node.level:
                        late.append("%s:%d" % ("/".join(parts), node.lineno))
    assert not late


def test_index_of_names_is_up_to_date():
    text = (HOME / "names.py").read_text()
    script = HOME.parent / "tools" / "index_names.py"
    made = subprocess.run([sys.executable, str(script), "--print"], capture_output=True, text=True, check=True).stdout
    assert made == text, "run tools/index_names.py"


def test_submodules_hide_no_public_names():
    """A package that is a namespace (`eagle.layers` is `tf.layers`) has no submodule of a public function's name."""
    from eagle.core.export import HOME as exported

    submodules = {".".join(parts) for parts, _ in modules() if parts[0] not in ("core", "ops", "run", "protos", "onednn", "legacy")}
    assert not [n for n in exported if n in submodules]


def test_importing_loads_no_heavy_library():
    code = "import sys, eagle; print([m for m in ('jax', 'scipy', 'google.protobuf', 'torch') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_namespaces_show_all_names_to_programs_that_go_through_them():
    assert "AdamOptimizer" in vars(eagle.train) and eagle.train.__dict__["AdamOptimizer"] is eagle.train.AdamOptimizer


def test_the_architecture_page_shows_the_floors():
    page = (HOME.parent / "docs" / "architecture.md").read_text()
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    assert [name for row in rows for name in re.findall(r"`(\w+)`", row)] == FLOORS
