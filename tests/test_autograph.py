"""AutoGraph: Python's control flow on tensors means in functions what it means eagerly."""

import functools
import subprocess
import sys
import traceback

import numpy as np
import pytest

import eagle as tf
import eagle.contrib.eager as tfe
from eagle.autograph import conversion

pytestmark = pytest.mark.usefixtures("eager")
autograph = tf.autograph


def if_else(x):
    if x > 0:
        y = x * 2
    else:
        y = -x
    return y


def if_without_else(x):
    y = x
    if x > 2:
        y = y + 100
    return y


def elif_chain(x):
    if x < 0:
        name = "negative"
    elif x == 0 or x < 1:
        name = "zero"
    elif x < 3:
        name = "small"
    else:
        name = "large"
    return name


def early_return(x):
    if x < 0:
        return -x
    if x > 3:
        return x * 10
    x = x + 1
    return x


def nested_returns(x):
    if x > 0:
        if x > 3:
            return x * 100
        x = x - 1
    else:
        x = x - 5
    y = x * 2
    return y + 1


def return_in_both(x):
    if x > 1:
        return x, {"a": x + 1}
    else:
        return -x, {"a": x}


def while_loop(x):
    n = 0
    while x > 0:
        x = x - 2
        n += 1
    return x, n


def while_break_continue(x):
    total = 0
    i = 0
    while True and i < 10:
        i = i + 1
        if i >= x and i <= x:
            continue
        if i > x + 3:
            break
        total += i
    return total, i


def while_else(x):
    while x > 0:
        x -= 1
        if x == 10:
            break
    else:
        x = x - 100
    return x


def for_range(x):
    s = 0
    for i in range(x):
        s += i * i
    return s


def for_range_bounds(x):
    s = 0
    for i in range(x, 12, 3):
        s = s * 10 + i
    for i in range(10, x, -4):
        s = s * 10 + i
    return s


def for_over_rows(x):
    rows = tf.stack([x, x + 1, x * x])
    s = 0
    for row in rows:
        if row > 100:
            break
        if row < 0:
            continue
        s = s + row
    return s


def for_python(x):
    for scale in [1, 2, 3]:
        if x > 20:
            break
        x = x * scale + 1
    return x


def for_else(x):
    for i in range(x):
        if i > 3:
            x = x * 2
            break
    else:
        x = -x
    return x


def return_in_loop(x):
    for i in tf.range(10):
        if i * i > x:
            return i
    return tf.constant(-1)


def return_in_nested_loops(x):
    for i in tf.range(4):
        for j in tf.range(4):
            if i * j == x or i * j > x:
                return i * 10 + j
    return tf.constant(-1)


def nested_loops(x):
    s = 0
    for i in range(x):
        j = i
        while j > 0:
            s += j
            j -= 1
    return s


def logic(x):
    return x > 0 and x < 5, x < 0 or x > 3, not x > 2, 0 < x < 4


def ternary(x):
    return (x if x > 0 else -x) + (1 if x > 3 else 2)


def tuples(x):
    a, b = x, x + 1
    while a < 10:
        a, b = b, a + 2
    return a, b


def structures(x):
    d = {"n": x, "list": [x, x * 2]}
    if x > 1:
        d["n"] = d["n"] + 1
        d["list"][0] = x * 50
    return d


def attributes(x):
    class Box:
        pass

    box = Box()
    box.value = x
    if x > 1:
        box.value = box.value * 2
    for _ in range(x):
        box.value = box.value + 1
    return box.value


def closures(x):
    scale = 3

    def grow(y):
        if y > 0:
            return y * scale
        return y - scale

    total = 0

    def add(y):
        nonlocal total
        if y > 1:
            total = total + y

    add(x)
    add(grow(x))
    return total, grow(x)


def lambdas(x):
    choose = lambda a, b: a if a > b else b
    return choose(x, 2), (lambda v: v > 1 and v < 4)(x)


def helper(x):
    if x > 2:
        return x * x
    return x


def calls(x):
    return helper(x) + helper(x - 3), functools.partial(helper, x)()


def recursion(x, depth=3):
    if depth == 0:
        return x
    if x > 2:
        return recursion(x - 1, depth - 1)
    return recursion(x * 2, depth - 1)


def builtins_on_tensors(x):
    v = tf.stack([x, x + 1])
    return len(v), abs(-x), int(tf.cast(x, tf.float32) * 1.5), float(x), min(x, 2), max(x, 2)


def comprehension(x):
    return [v if v > x else x for v in (1, 2, 3)]


def with_block(x):
    with tf.name_scope("scope"):
        if x > 0:
            y = x + 1
        else:
            y = x - 1
        for i in range(x):
            y += i
    return y


def return_in_with(x):
    with tf.name_scope("scope"):
        if x > 1:
            return x
        else:
            return x * 7


def try_block(x):
    try:
        if x > 0:
            y = x
        else:
            y = -x
    finally:
        y = y + 1
    return y


def return_within_with(x):
    y = 0
    with tf.name_scope("scope"):
        if x > 3:
            return x, y
        y = x + 1
        for i in range(x):
            if i > 1:
                return i, y * 10
    y = y * 2
    return x, y


def leaving_within_with(x):
    y = 0
    while y < 20:
        y += 2
        with tf.name_scope("scope"):
            if y > x + 6:
                break
            if y < x:
                continue
            y += 1
        try:
            if y > 11:
                return -y, x
        finally:
            y += 3
    return y, x


def what_follows_changes(x):
    c = x
    n = 0
    while n < 4:
        n += 1
        if c >= 2:
            x = c
        elif c < x + 1:
            x = -2
            if not c <= x:
                continue
        if x < c:
            break
        c += 3
    return c, x


def dead_temporaries(x):
    """A variable that is not read afterwards may differ in type, or be there in one branch only."""
    if x > 0:
        temporary = [x, x]
        y = temporary[0]
    else:
        temporary = "text"
        other = temporary
        del other
        y = x
    for i in range(x):
        temporary = x + i
        y = temporary
    return y


def deleted(x):
    y = x
    if x > 1:
        z = y
        del y
        y = z + 1
    return y


def tensor_array(x):
    array = tf.TensorArray(tf.int32, 4)
    for i in range(4):
        if i > x:
            array = array.write(i, i * x)
        else:
            array = array.write(i, -i)
    return array.stack()


def over_tensor_array(x):
    array = tf.TensorArray(tf.int32, 3).unstack(tf.stack([x, x * 2, x * 3]))
    s = 0
    for v in array:
        s += v
    return s


def annotated(x):
    y: int = 0
    if x > 1:
        y: int = x
    return y


def walrus(x):
    if (y := x + 1) > 2:
        return y
    return -y


def chained(x):
    a = b = x
    while a > 0:
        a = b = a - 1
    return a + b


def matched(x):
    match 3:
        case 3:
            if x > 1:
                x = x * 2
        case _:
            x = x - 1
    return x


PROGRAMS = [
    if_else, if_without_else, elif_chain, early_return, nested_returns, return_in_both, while_loop, while_break_continue,
    while_else, for_range, for_range_bounds, for_over_rows, for_python, for_else, return_in_loop, return_in_nested_loops,
    nested_loops, logic,
    ternary, tuples, structures, attributes, closures, lambdas, calls, recursion, builtins_on_tensors, comprehension, with_block,
    return_in_with, try_block, return_within_with, leaving_within_with, what_follows_changes,
    dead_temporaries, deleted, tensor_array, annotated, walrus, chained, matched,
]  # fmt: skip


def plain(structure):
    """Values as plain Python, numbers of any kind equal."""

    def value(x):
        x = x.numpy() if hasattr(x, "numpy") else x
        x = x.tolist() if hasattr(x, "tolist") else x
        return x.decode() if isinstance(x, bytes) else x

    return tf.nest.map_structure(value, structure)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda f: f.__name__)
def test_functions_do_what_python_does(program):
    staged = tf.function(program)
    for n in (-2, 0, 1, 2, 3, 5, 9):
        x = tf.constant(n)
        wanted = plain(program(x))
        if program is elif_chain and n == 0:
            assert wanted == "zero"
        assert plain(staged(x)) == wanted, n
        assert plain(program(n)) == wanted, "the program itself is independent of tensors"
    assert staged.trace_count == 1


def test_loop_over_a_tensor_array():
    assert tf.function(over_tensor_array)(tf.constant(2)).numpy() == 12


def test_conditions_that_are_known_stay_python():
    traced = []

    @tf.function
    def f(x, flag, items):
        if flag:
            traced.append("flag")
            x = x + 1.0
        for item in items:
            if item is None:
                continue
            traced.append(item)
            x = x * item
        return x and flag if isinstance(x, bool) else x

    assert f(tf.constant(1.0), True, (2.0, None, 3.0)).numpy() == 12
    assert traced == ["flag", 2.0, 3.0]
    concrete = f.get_concrete_function(tf.constant(1.0), True, (2.0, None, 3.0))
    assert not [op for op in concrete.graph.get_operations() if op.type in ("If", "While")]


def test_eager_tensors_and_variables_as_conditions():
    v = tfe.Variable(1.0)

    @tf.function
    def f():
        if v > 0.0:
            v.assign_sub(1.0)
            return v.read_value()
        return v + 10.0

    assert f().numpy() == 0 and f().numpy() == 10
    assert if_else(tf.constant(3)).numpy() == 6


def test_gradients_flow_through_converted_control_flow():
    @tf.function
    def f(x):
        y = x
        for _ in tf.range(3):
            if y < 10.0:
                y = y * x
        return y

    x = tf.constant(2.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    assert y.numpy() == 16 and tape.gradient(y, x).numpy() == 32


def test_assertions():
    @tf.function
    def f(x):
        assert x > 0, "must be positive"
        return x

    assert f(tf.constant(1)).numpy() == 1
    with pytest.raises(tf.errors.InvalidArgumentError, match="must be positive"):
        f(tf.constant(-1))
    with pytest.raises(AssertionError, match="text"):
        tf.function(lambda_with_assertion)(tf.constant(1))


def lambda_with_assertion(x):
    assert x is None, "text"


def test_printed(capfd):
    def f(x):
        print("x is", x)
        print("traced")
        return x

    def printed(**options):
        staged = tf.function(f, **options)
        staged(tf.constant(3))
        staged(tf.constant(4))
        return capfd.readouterr()

    assert printed().out == 'x is Tensor("x:0", shape=(), dtype=int32)\ntraced\n'
    out = printed(experimental_autograph_options=autograph.experimental.Feature.BUILTIN_FUNCTIONS).out
    assert out.count("traced") == 1 and "x is 3" in out and "x is 4" in out


def over_dataset(data):
    s = tf.constant(0, tf.int64)
    for i, (a, b) in enumerate(zip(data, map(lambda v: v * 10, data)), 3):  # noqa: C417
        if a > 3:
            break
        s += i * (a + b)
    return s


def test_datasets():
    data = tf.data.Dataset.range(6)
    assert tf.function(over_dataset)(data).numpy() == sum((i + 3) * 11 * i for i in range(4))


@pytest.mark.parametrize(
    "body, kind, message",
    [
        ("if x > 0:\n  y = 1\nreturn y",
         ValueError, r"must also be initialized in the else branch: \('y',\). Alternatively, you may"),
        ("if x > 0:\n  y = 1.0\nelse:\n  y = 2\nreturn y",
         TypeError, '"y" has dtype float32 in the TRUE branch, but dtype=int32 in the'),
        ("if x > 0:\n  return x",
         ValueError, "A value must also be returned from the else branch. If a value is returned from one"),
        ("if x > 0:\n  y = [1, 2]\nelse:\n  y = [1]\nreturn y",
         TypeError, '"y" does not have the same nested structure in the TRUE and'),
        ("if x > 0:\n  y = None\nelse:\n  y = 1\nreturn y",
         TypeError, '"y" is None in the TRUE branch'),
        ("while x > 0:\n  x = x - 1\n  y = x\nreturn y",
         ValueError, r"the following symbols must be defined before the loop: \('y',\)"),
        ("while x > 0:\n  x = tf.cast(x, tf.float32)\nreturn x",
         TypeError, '"x" has dtype int32 before the loop, but dtype float32 after'),
        ("y = [x]\nfor i in range(x):\n  y = tf.concat([y, y], 0)\nreturn y",
         TypeError, '"y" does not have the same nested structure'),
        ("y = tf.stack([x])\nfor i in range(x):\n  y = tf.concat([y, y], 0)\nreturn y",
         ValueError, r'"y" has shape \(1,\) before the loop, but shape \(2,\) after one iteration. TensorFlow control'),
        ("y = x\nwhile x > 0:\n  y = None\n  x -= 1\nreturn y",
         TypeError, '"y" is None after one iteration'),
        ("l = []\nfor i in tf.range(x):\n  l.append(i)\nreturn l[0] + 1",
         ValueError, "cannot be accessed here: it is defined in another function"),
        ("for i in x:\n  pass\nreturn x",
         ValueError, "len requires a non-scalar tensor"),
        ("return [v for v in tf.stack([x])]",
         TypeError, "iterating over `tf.Tensor` is not allowed: AutoGraph did not convert this"),
    ],
)  # fmt: skip
def test_errors_say_what_is_wrong(body, kind, message, tmp_path):
    program = tmp_path / "program.py"
    program.write_text("import eagle as tf\n\ndef f(x):\n" + "".join("  %s\n" % line for line in body.splitlines()))
    scope = {}
    exec(compile(program.read_text(), str(program), "exec"), scope)
    with pytest.raises(kind, match=message) as caught:
        tf.function(scope["f"])(tf.constant(3))
    assert any(frame.filename == str(program) and frame.name == "f" for frame in traceback.extract_tb(caught.value.__traceback__))


def failing(x):
    for _ in range(3):
        if x > 0:
            x = tf.reshape(x, [2, 3])  # here
    return x


def test_errors_name_the_users_line():
    with pytest.raises(ValueError) as caught:
        tf.function(failing)(tf.constant(1))
    last = [f for f in traceback.extract_tb(caught.value.__traceback__) if f.filename == __file__][-1]
    assert last.line.endswith("# here") and last.name == "failing"

    @tf.function
    def at_run_time(x, y):
        if tf.size(x) > 0:
            x = x + y  # there
        return x

    concrete = at_run_time.get_concrete_function(tf.TensorSpec([None], tf.float32), tf.TensorSpec([None], tf.float32))
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        concrete(tf.constant([1.0, 2.0]), tf.constant([1.0, 2.0, 3.0]))
    lines = open(__file__).read().splitlines()
    line = 1 + next(i for i, text in enumerate(lines) if text.endswith("x = x + y  # there"))
    assert "test_autograph.py:%d" % line in str(caught.value)


class Squashing:
    """An object whose method is a function of tensors with Python's control flow."""

    @tf.function
    def squash(self, x):
        if tf.reduce_sum(x) > 0:
            x = tf.sqrt(x)
        else:
            x = tf.square(x)
        return x


@pytest.mark.parametrize("given,expected", [(4.0, 2.0), (-3.0, 9.0)])
def test_methods_are_converted(given, expected):
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32)
        assert sess.run(Squashing().squash(x), {x: given}) == expected


class Base:
    __slots__ = ("__secret",)

    def __init__(self):
        self.__secret = 5

    def reveal(self, x):
        if x > 0:
            return self.__secret + x
        return x


class Derived(Base):
    def reveal(self, x):
        if x > 1:
            x = super().reveal(x) * 2
        return x

    def __call__(self, x):
        """A docstring."""
        return self.reveal(x) if x < 100 else x

    @classmethod
    def made(cls, x):
        if x > 1:
            return x * 3
        return x


def test_methods():
    thing = Derived()
    for f in (thing.reveal, thing, Derived.made):
        staged = tf.function(f)
        for n in (0, 1, 2, 200):
            assert staged(tf.constant(n)).numpy() == f(n)
    outer = tf.function(lambda x: thing(x) + thing.reveal(x))
    assert outer(tf.constant(3)).numpy() == 32


def test_not_converted():
    @autograph.experimental.do_not_convert
    def stays(x):
        if x > 0:
            return x
        return -x

    with pytest.raises(TypeError, match="AutoGraph is disabled in this function. Try decorating it directly with @tf.function."):
        tf.function(lambda x: stays(x))(tf.constant(1))
    assert stays(3) == 3
    with pytest.raises(TypeError, match="AutoGraph is disabled in this function"):
        tf.function(if_else, autograph=False)(tf.constant(1))
    with pytest.raises(TypeError, match="not allowed in Graph execution. Use Eager execution or decorate this function"):
        with tf.Graph().as_default():
            if_else(tf.constant(1))

    def numbers(x):
        yield x
        if x is not None:
            yield x + 1

    assert tf.function(lambda x: list(numbers(x)))(tf.constant(1))[1].numpy() == 2


def test_to_graph_and_to_code():
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.int32, [])
        f = autograph.to_graph(while_break_continue)
        total, i = f(x)
        for n in (1, 4, 20):
            assert tuple(sess.run([total, i], {x: n})) == while_break_continue(n)
        assert f(4) == while_break_continue(4)
        method = autograph.to_graph(Derived().reveal)
        assert sess.run(method(x), {x: 3}) == 16
    code = autograph.to_code(if_else)
    assert "def if_else(x):" in code and "ag__.if_stmt(x > 0" in code and "\n  " in code
    with pytest.raises(NotImplementedError, match='cannot convert entity "3": object conversion is not yet supported.'):
        autograph.to_graph(3)
    with pytest.raises(conversion.ConversionError, match="is a class"):
        autograph.to_graph(Derived)


def test_features():
    def compares(x):
        if x == 1:
            return tf.constant("one")
        return tf.constant("other")

    one = tf.constant(1)
    assert tf.function(compares)(one).numpy() == b"other"  # tensors are equal if they are the same object
    equality = autograph.experimental.Feature.EQUALITY_OPERATORS
    assert tf.function(compares, experimental_autograph_options=equality)(one).numpy() == b"one"
    features = autograph.experimental.Feature
    assert features.LISTS in features.all() and features.LISTS not in features.all_but(features.LISTS)
    with pytest.raises(TypeError, match="optional features must be"):
        tf.function(compares, experimental_autograph_options=3)(one)

    def sets(x, i):
        x[i] = 5
        return x

    lists = autograph.experimental.Feature.LISTS
    assert tf.function(sets, experimental_autograph_options=lists)(tf.constant([1, 2]), tf.constant(1)).numpy().tolist() == [1, 5]


def test_loop_options():
    def f(x):
        i = 0
        while i < x:
            autograph.experimental.set_loop_options(maximum_iterations=2)
            i += 1
        return i

    assert tf.function(f)(tf.constant(5)).numpy() == 2


def test_functions_without_source_run_as_they_are():
    scope = {}
    exec("def f(x):\n  return x + 1", scope)
    assert tf.function(scope["f"])(tf.constant(1)).numpy() == 2
    assert tf.function(lambda x: scope["f"](x))(tf.constant(1)).numpy() == 2


def test_lambdas_on_one_line():
    pair = (lambda x: x if x > 0 else -x), (lambda x: x * 2 if x > 0 else x * 3)
    values = [tf.function(f)(tf.constant(-2)).numpy() for f in pair]
    assert values == [2, -6]


def test_converted_code_is_made_once():
    before = dict(conversion.DEFAULT.templates())
    made = [tf.function(make_adder(n)) for n in range(3)]
    assert [f(tf.constant(1)).numpy() for f in made] == [1, 2, 3]
    new = [t for key, (_, t) in conversion.DEFAULT.templates().items() if key not in before and t is not None]
    assert len(new) == 1


def make_adder(n):
    def add(x):
        return x + n if x > 0 else x

    return add


def test_loaded_only_when_needed():
    code = "import sys, eagle; print([m for m in sys.modules if 'autograph' in m or m == 'ast'])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "autograph" not in found


def test_training_loop():
    w = tfe.Variable(0.0)
    xs = tf.constant(np.arange(10, dtype=np.float32))
    optimizer = tf.train.GradientDescentOptimizer(0.01)

    @tf.function
    def train():
        loss = tf.constant(0.0)
        for x in xs:
            with tf.GradientTape() as tape:
                loss = tf.square(w * x - 3.0 * x)
            optimizer.apply_gradients([(tape.gradient(loss, w), w)])
            if loss < 1e-3 and x > 3.0:
                break
        return loss

    for _ in range(20):
        train()
    assert abs(w.numpy() - 3.0) < 1e-3


def squares(n):
    found = []
    autograph_lists.set_element_type(found, tf.int32)
    for i in tf.range(n):
        if i > 1:
            found.append(i * i)
    return autograph_lists.stack(found)


def changes(n):
    found = []
    found.append(n)
    found.append(n + 1)
    while n < 20:
        n = n * 2
        found.append(n)
    found.append(100)
    last = found.pop()
    found.pop()
    found[0] = last + 1
    total = 0
    for x in found:
        total += x
    return len(found), found[0], found[1], total


autograph_lists = tf.contrib.autograph


def test_lists():
    lists = autograph.experimental.Feature.LISTS
    assert tf.function(squares, experimental_autograph_options=lists)(tf.constant(5)).numpy().tolist() == [4, 9, 16]
    staged = tf.function(changes, experimental_autograph_options=lists)
    for n in (3, 12):
        assert plain(staged(tf.constant(n))) == plain(changes(n)) == plain(changes(tf.constant(n)))
    kept = []

    def keeps(x):
        kept.append(x)
        return len(kept)

    assert tf.function(keeps, experimental_autograph_options=lists)(tf.constant(1)).numpy() == 1 and len(kept) == 1

    def typeless(x):
        found = []
        for i in tf.range(x):
            found.append(i)
        return found

    with pytest.raises(TypeError, match='"found" does not have the same nested structure after one iteration'):
        tf.function(typeless, experimental_autograph_options=lists)(tf.constant(3))
    with pytest.raises(ValueError, match="must be stackable when strict=True"):
        autograph_lists.stack(3)
    assert autograph_lists.stack([tf.constant(1), tf.constant(2)]).numpy().tolist() == [1, 2]
