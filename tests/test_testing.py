"""`tf.test`: test cases, their checks, and what runs tests."""

import collections
import os
import subprocess
import sys
import unittest

import numpy as np
import pytest

import eagle as tf
import eagle.contrib.eager as tfe
from eagle.core.context import eager_mode
from eagle.core.export import namespace

test_util = namespace("python.framework.test_util")
googletest = namespace("python.platform.googletest")


class ChecksTest(tf.test.TestCase):
    def fails(self, message=""):
        return self.assertRaisesRegex(AssertionError, message)

    def test_all_close(self):
        x = tf.constant([1.0, 2.0])
        self.assertAllClose(x, [1.0, 2.0 + 1e-7])
        self.assertAllClose({"a": (x, 3), "b": [1, [2.0]]}, {"a": (x, 3), "b": [1, [2.0]]})
        Pair = collections.namedtuple("Pair", "a b")
        self.assertAllClose(Pair(1, [2, 3]), Pair(1, [2, 3]))
        self.assertAllClose(np.nan, np.nan)
        self.assertNotAllClose([1.0, 2.0], [1.0, 2.1])
        with self.fails(r"(?s)Mismatched value: a is different from b. note.*not close where.*not close dif = \[0.5\]"):
            self.assertAllClose(x, [1.0, 2.5], msg="note")
        with self.fails(r"Shape mismatch: expected \(2,\), got \(3,\) with contents \[1. 2. 3.\]"):
            self.assertAllClose(x, [1.0, 2.0, 3.0])
        with self.fails(r"Mismatched value: a\[b\]\[1\] is different from b\[b\]\[1\]"):
            self.assertAllClose({"b": ([1, 2], [1])}, {"b": ([1, 2], [2])})
        with self.fails("mismatched keys: a has keys"):
            self.assertAllClose({"a": 1}, {"b": 1})
        with self.assertRaisesRegex(ValueError, "Can't compare dict to non-dict, a vs b"):
            self.assertAllClose({"a": 1}, [1])
        with self.assertRaisesRegex(ValueError, "Mismatched length: a has 2 items, but b has 1 items"):
            self.assertAllClose([[1], [1, 2]], [[1]])
        with self.assertRaises(TypeError):
            self.assertAllClose("a", 1.0)
        with self.fails("The two values are close at all elements"):
            self.assertNotAllClose(x, x)

    def test_according_to_type(self):
        half = np.float16([1.0])
        self.assertAllCloseAccordingToType(half, half + np.float16(1e-3))
        with self.fails():
            self.assertAllCloseAccordingToType(half.astype(np.float32), half.astype(np.float32) + np.float32(1e-3))
        self.assertAllCloseAccordingToType(np.float32([1.0]), np.float32([1.01]), float_rtol=0.1)

    def test_all_equal(self):
        self.assertAllEqual([b"a", b"b"], tf.constant(["a", "b"]))
        self.assertAllEqual([1.0, np.nan], tf.constant([1.0, np.nan]))
        self.assertNotAllEqual([1, 2], [1, 3])
        with self.fails(r"(?s)not equal where = \(array\(\[1\]\),\).*not equal lhs = \[2\].*not equal rhs = \[3\]"):
            self.assertAllEqual([1, 2], [1, 3])
        with self.fails(r"(?s)Shape mismatch: expected \(1,\), got \(2,\).*Contents: \[1 3\]"):
            self.assertAllEqual([1], [1, 3])
        with self.fails("equal at all elements"):
            self.assertNotAllEqual([1], [1])

    def test_bounds(self):
        x = tf.constant([1, 2, 3])
        self.assertAllGreater(x, 0)
        self.assertAllLess(x, 4)
        self.assertAllGreaterEqual(x, 1)
        self.assertAllLessEqual(x, 3)
        self.assertAllInRange(x, 1, 3)
        self.assertAllInSet(x, (1, 2, 3))
        self.assertDTypeEqual(x, np.int32)
        for check, bound in (("Greater", 1), ("Less", 3), ("GreaterEqual", 2), ("LessEqual", 2)):
            with self.fails():
                getattr(self, "assertAll" + check)(x, bound)
        with self.fails(r"1 of the 3 element\(s\) are outside the range \(1, 3\]. Subscript\(s\) and value\(s\) of the"):
            self.assertAllInRange(x, 1, 3, open_lower_bound=True)
        with self.fails("NaN"):
            self.assertAllInRange([np.nan], 0, 1)
        with self.fails("does not have an ordered numeric type"):
            self.assertAllInRange(["a"], 0, 1)
        with self.fails(r"1 unique element\(s\) are not in the set"):
            self.assertAllInSet(x, (1, 2))
        with self.fails():
            self.assertDTypeEqual(x, np.int64)

    def test_numbers(self):
        self.assertNear(1.0, 1.1, 0.2)
        self.assertNear(np.inf, np.inf, 0.1)
        self.assertArrayNear([1.0, 2.0], [1.1, 2.0], 0.2)
        self.assertNDArrayNear(np.ones(2), np.ones(2), 1e-9)
        with self.fails("1.000000 != 1.100000 ... 0.010000"):
            self.assertNear(1.0, 1.1, 0.01)
        with self.fails():
            self.assertArrayNear([1.0], [1.0, 2.0], 0.1)

    def test_other_qualities(self):
        self.assertShapeEqual(np.ones((2, 3)), tf.ones([2, 3]))
        self.assertDeviceEqual("/cpu:0", tf.DeviceSpec(device_type="CPU", device_index=0))
        self.assertStartsWith("abc", "ab")
        self.assertItemsEqual([1, 2], [2, 1])
        self.assertEquals(1, 1)  # noqa: UP005
        with self.assertRaisesRegexp(TypeError, "tf_tensor must be a Tensor"):  # noqa: UP005
            self.assertShapeEqual(np.ones(2), np.ones(2))
        with self.fails("'abc' does not start with 'b' : 'why'"):
            self.assertStartsWith("abc", "b", "why")
        with self.fails("Devices /device:CPU:0 and /device:GPU:0 are not equal"):
            self.assertDeviceEqual("/cpu:0", "/gpu:0")

    def test_messages(self):
        config = tf.ConfigProto(intra_op_parallelism_threads=2)
        self.assertProtoEquals("intra_op_parallelism_threads: 2", config)
        self.assertProtoEquals(tf.ConfigProto(intra_op_parallelism_threads=2), config)
        with self.fails("intra_op_parallelism_threads: 3"):
            self.assertProtoEquals("intra_op_parallelism_threads: 3", config)
        with self.fails("Can't compare protos of type"):
            self.assertProtoEquals(tf.GraphDef(), config)
        self.assertProtoEqualsVersion("", tf.Graph().as_graph_def())

    def test_errors(self):
        with self.assertRaisesOpError("negative"):
            raise tf.errors.InvalidArgumentError(None, None, "negative numbers")
        with self.assertRaisesWithPredicateMatch(ValueError, lambda e: "x" in str(e)):
            raise ValueError("x")
        with self.fails("Exception of type <class 'ValueError'>: y"), self.assertRaisesWithPredicateMatch(ValueError, "x"):
            raise ValueError("y")
        with self.fails("ValueError not raised"), self.assertRaisesWithPredicateMatch(ValueError, "x"):
            pass
        with self.cached_session() as sess, self.assertRaisesOpError("Caused by: check"):
            sess.run(tf.Assert(False, [1], name="check"))

    def test_threads(self):
        found = []
        thread = self.checkedThread(found.append, args=(1,))
        thread.start()
        thread.join()
        self.assertEqual([1], found)
        failing = self.checkedThread(lambda: 1 / 0)
        failing.start()
        with self.fails("Error in checkedThread: division by zero"):
            failing.join()
        self._threads.append(test_case("test_errors").checkedThread(print))
        with self.fails("A checked thread was not joined."):
            self.tearDown()
        self._threads.pop()

    def test_surroundings(self):
        folder = self.get_temp_dir()
        self.assertEqual(folder, self.get_temp_dir())
        self.assertTrue(folder.startswith(tf.test.get_temp_dir()))
        path = os.path.join(folder, "stream")
        with open(path, "w") as stream:
            with self.captureWritesToStream(stream) as captured:
                os.write(stream.fileno(), b"deep ")
                stream.write("shallow")
                stream.flush()
            stream.write("after")
        self.assertEqual("deep shallow", captured.contents())
        with open(path) as f:
            self.assertEqual("after", f.read())

    def test_sessions(self):
        x = tf.constant(3)
        with self.cached_session() as sess:
            self.assertIs(sess, tf.get_default_session())
            self.assertEqual(3, self.evaluate(x))
            self.assertEqual("/device:CPU:0", tf.constant(1).device)
        with self.cached_session(use_gpu=True) as again:
            self.assertIs(sess, again)
            self.assertEqual("", tf.constant(1).device)
        with self.assertRaisesRegex(ValueError, "The config used to get the cached session is different"):
            with self.cached_session(config=tf.ConfigProto()):
                pass
        with self.session(graph=tf.Graph()) as other:
            self.assertIs(other.graph, tf.get_default_graph())
            self.assertIsNot(other, sess)
        with self.test_session() as old:
            self.assertIs(old, sess)
        self.assertEqual([3, {"a": 3}], self.evaluate([x, {"a": x}]))

    def test_eagerly(self):
        with eager_mode():
            v = tfe.Variable([1.0, 2.0])
            with self.cached_session() as sess:
                self.assertAllEqual([1, 2], sess.run(v.read_value()))
                with self.assertRaisesRegex(RuntimeError, "feed_dict is not supported when eager execution is enabled"):
                    sess.run(v, feed_dict={v: 1})
                with self.assertRaisesRegex(RuntimeError, "Optional args are not supported"):
                    sess.run(v, options=1)
            with self.session() as sess, self.assertRaisesRegex(AttributeError, "adapt the test to work with eager"):
                sess.run(v)
            with self.test_session() as sess:
                self.assertIsNone(sess)
            sparse = self.evaluate(tf.SparseTensor([[1]], [5], [3]))
            self.assertEqual([5], sparse.values.tolist())
            self.assertEqual([3, None], self.evaluate([lambda: tf.constant(3), None]))
            with self.assertRaisesRegex(ValueError, "Unsupported type <class 'object'>"):
                self.evaluate(object())

    def test_same_numbers_in_each_run(self):
        self.setUp()
        with self.session():
            first = tf.random.uniform([3]).eval(), np.random.rand(3)
        self.setUp()
        with self.session():
            second = tf.random.uniform([3]).eval(), np.random.rand(3)
        self.assertAllEqual(first, second)

    def test_checks_inside_functions(self):
        with eager_mode():

            @tf.function
            def f(x):
                self.assertAllEqual(x, [1, 2])
                return x

            f(tf.constant([1, 2]))
            with self.assertRaisesRegex(tf.errors.OpError, "not equal where"):
                f(tf.constant([1, 3]))


def test_case(name):
    return ChecksTest(name)


test_case.__test__ = False


class ModesTest(tf.test.TestCase):
    modes = []

    def setUp(self):
        super().setUp()
        self.value = 5

    @tfe.run_test_in_graph_and_eager_modes
    def test_both(self):
        self.modes.append(tf.executing_eagerly())
        self.assertAllEqual([4, 6], self.evaluate(tf.constant([1, 2]) + [3, 4]))
        self.value += 1
        self.assertEqual(6, self.value)

    def test_modes(self):
        self.modes.clear()
        self.test_both()
        self.assertEqual([False, True], self.modes)
        with self.assertRaisesRegex(ValueError, "Did you mean to use `run_all_in_graph_and_eager_modes`"):
            tfe.run_test_in_graph_and_eager_modes()(ModesTest)

    @test_util.run_in_graph_and_eager_modes(assert_no_eager_garbage=True, use_gpu=False)
    def test_no_garbage(self):
        self.evaluate(tf.constant(1) + 2)

    def test_garbage_is_found(self):
        kept = []

        @test_util.run_in_graph_and_eager_modes(assert_no_eager_garbage=True)
        def keeps(self):
            kept.append(tf.constant(1))

        with self.assertRaisesRegex(AssertionError, "1 Tensors not deallocated after test"):
            keeps(self)

        @test_util.assert_no_garbage_created
        def cycle(self):
            a = []
            a.append(a)

        with self.assertRaises(AssertionError):
            cycle(self)

    def test_new_objects_are_found(self):
        kept = []
        test_util.assert_no_new_pyobjects_executing_eagerly(lambda self: tf.constant(1) + 1)(self)
        with self.assertRaisesRegex(AssertionError, "is not less than or equal to"):
            test_util.assert_no_new_pyobjects_executing_eagerly(lambda self: kept.append([1]))(self)

    def test_skipping(self):
        for decorator, reason in (
            (test_util.run_v2_only, "v2"),
            (test_util.run_gpu_only, "GPU"),
            (test_util.run_cuda_only, "CUDA"),
        ):
            if decorator is not test_util.run_v2_only and tf.test.is_gpu_available():
                continue
            for made in (decorator, decorator()):
                with self.assertRaisesRegex(unittest.SkipTest, reason):
                    made(lambda self: self.fail())(self)
        ran = []
        test_util.skip_if(True)(ran.append)(1)
        test_util.skip_if(lambda: False)(ran.append)(2)
        test_util.run_v1_only("why")(ran.append)(3)
        test_util.deprecated_graph_mode_only(ran.append)(4)
        self.assertEqual([2, 3, 4], ran)
        with self.assertRaisesRegex(ValueError, "'reason' should be string"):
            test_util.run_v1_only(ran.append)

    def test_functions(self):
        ran = []
        test_util.also_run_as_tf_function(lambda: ran.append(tf.executing_eagerly()))()
        self.assertEqual([True, False], ran)

    def test_all_methods(self):
        @tfe.run_all_tests_in_graph_and_eager_modes
        class Case(tf.test.TestCase):
            ran = []

            def testSome(self):
                self.ran.append(tf.executing_eagerly())

            def testSkipEagerOther(self):
                self.ran.append("other")

        result = unittest.TestResult()
        unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
        self.assertEqual([], result.errors + result.failures)
        self.assertCountEqual([False, True, "other"], Case.ran)

    def test_combinations(self):
        made = test_util.generate_combinations_with_testcase_name(b=[1, 2], a="x y")
        self.assertEqual({"a": "x y", "b": 2, "testcase_name": "_test_a_xy_b_2"}, made[1])


class GraphDefsTest(tf.test.TestCase):
    def graph_def(self, build):
        with tf.Graph().as_default() as graph:
            build()
        return graph.as_graph_def()

    def check(self, actual, expected, message):
        with self.assertRaises(AssertionError) as caught:
            tf.test.assert_equal_graph_def(self.graph_def(actual), self.graph_def(expected))
        self.assertEqual(message, str(caught.exception))

    def test_differences(self):
        def control(name):
            a, b = tf.constant(1, name="a"), tf.constant(2, name="b")
            with tf.control_dependencies([a if name == "a" else b]):
                tf.no_op(name="n")

        def pool(strides, padding):
            return lambda: tf.nn.max_pool(tf.constant(3.0, shape=[1, 4, 4, 1]), [1, 2, 2, 1], strides, padding)

        c = lambda: tf.constant(3, name="c")
        cases = [
            (lambda: tf.constant([1.0, 2.0]), lambda: tf.constant([1.0, 3.0]),
             "Node named 'Const' has attr 'value' with value: Tensor<type: float shape: [2] values: 1 2> that does not match "
             "expected: Tensor<type: float shape: [2] values: 1 3>"),
            (lambda: tf.placeholder(tf.float32, [2, None], name="x"), lambda: tf.constant(["a", "b"]),
             "Did not find expected node '{{node Const}} = Const[dtype=DT_STRING, value=Tensor<type: string shape: [2] "
             "values: a b>]()'"),
            (lambda: tf.placeholder(tf.float32, [2, None], name="x"), lambda: tf.placeholder(tf.int32, name="x"),
             "Node named 'x' has attr 'shape' with value: [2,?] that does not match expected: <unknown>"),
            (lambda: tf.identity(c(), name="y"), c, "Found unexpected node '{{node y}} = Identity[T=DT_INT32](c)'"),
            (pool([1, 1, 1, 1], "SAME"), pool([1, 2, 1, 1], "SAME"),
             "Node named 'MaxPool' has attr 'strides' with value: [1, 1, 1, 1] that does not match expected: [1, 2, 1, 1]"),
            (pool([1, 1, 1, 1], "SAME"), pool([1, 1, 1, 1], "VALID"),
             "Node named 'MaxPool' has attr 'padding' with value: \"SAME\" that does not match expected: \"VALID\""),
            (lambda: control("a"), lambda: control("b"), "Node named 'n' missing expected control input '^b'"),
        ]  # fmt: skip
        for actual, expected, message in cases:
            self.check(actual, expected, message)

    def test_equal(self):
        made = self.graph_def(lambda: (tf.constant(1, name="a"), tf.constant([2.0, 2.0], name="b")))
        other = tf.GraphDef(node=[made.node[1], made.node[0]])
        other.node[0].attr["value"].tensor.CopyFrom(tf.make_tensor_proto([2.0, 2.0]))
        other.node[0].attr["_internal"].b = True
        tf.test.assert_equal_graph_def(made, other)
        with self.assertRaisesRegex(TypeError, "Expected tf.GraphDef for expected, got int"):
            tf.test.assert_equal_graph_def(made, 3)

    def test_ops(self):
        with tf.Graph().as_default() as graph:
            tf.constant(1, name="a")
        self.assertEqual("Const", test_util.assert_ops_in_graph({"a": "Const"}, graph)["a"].op)
        with self.assertRaisesRegex(ValueError, "Expected op for node a is different. Add vs Const"):
            test_util.assert_ops_in_graph({"a": "Add"}, graph)
        with self.assertRaisesRegex(ValueError, "Not all expected ops are present"):
            test_util.assert_ops_in_graph({"b": "Add"}, graph)
        self.assertEqual("a", test_util.get_node_def_from_graph("a", graph.as_graph_def()).name)
        self.assertIsNone(test_util.get_node_def_from_graph("b", graph.as_graph_def()))


class LayoutsTest(tf.test.TestCase):
    def test_layouts(self):
        x = np.arange(2 * 3 * 4 * 8).reshape(2, 3, 4, 8)
        t = tf.constant(x)
        self.assertEqual([2, 8, 3, 4], test_util.NHWCToNCHW(list(x.shape)))
        self.assertEqual([2, 2, 3, 4, 4], test_util.NHWCToNCHW_VECT_C(list(x.shape)))
        self.assertEqual(list(x.shape), test_util.NCHW_VECT_CToNHWC([2, 2, 3, 4, 4]))
        self.assertAllEqual(x.transpose(0, 3, 1, 2), test_util.NHWCToNCHW(t))
        self.assertAllEqual(x, test_util.NCHWToNHWC(test_util.NHWCToNCHW(t)))
        self.assertAllEqual(x, test_util.NCHW_VECT_CToNHWC(test_util.NHWCToNCHW_VECT_C(t)))
        with self.assertRaisesRegex(ValueError, "evenly divisible by 4"):
            test_util.NHWCToNCHW_VECT_C([1, 2, 3, 6])


class Parent:
    def method(self):
        return "method"

    @staticmethod
    def static():
        return "static"


class Child(Parent):
    pass


def test_stubs():
    stubs = tf.test.StubOutForTesting()
    with stubs:
        stubs.SmartSet(Child, "method", lambda self: "stub")
        stubs.Set(Parent, "static", staticmethod(lambda: "stub"))
        stubs.Set(os.path, "exists", lambda path: "yes")
        stubs.Set(os.path, "exists", lambda path: "no")
        assert Child().method() == "stub" and Parent().static() == "stub" and os.path.exists("") == "no"
    assert Child().method() == "method" and Parent().static() == "static" and os.path.exists("") is False
    with pytest.raises(AttributeError):
        stubs.SmartSet(Child(), "other", 1)


def test_cluster_is_refused():
    with pytest.raises(tf.errors.NotYetError, match="create_local_cluster"):
        tf.test.create_local_cluster(1, 1)
    with pytest.raises(KeyError, match="TEST_SRCDIR"):
        tf.test.test_src_dir_path("x")


PROGRAM = """
import eagle as tf

class MyTest(tf.test.TestCase):
    def testGood(self):
        self.assertAllEqual([3], self.evaluate(tf.constant([1]) + 2))

    def testBad(self):
        self.assertAllEqual([3], tf.constant([1]))

class MyBenchmark(tf.test.Benchmark):
    def benchmarkAdd(self):
        with tf.Session() as sess:
            found = self.run_op_benchmark(sess, tf.constant(1) + 2, min_iters=3, store_memory_usage=False, extras={"n": 3}, mbs=2)
            assert found["iters"] == 3 and found["wall_time"] > 0

    def benchmarkOther(self):
        self.report_benchmark(iters=7, extras={"note": "text"}, name="other", metrics=[{"name": "m", "value": 1, "min_value": 0}])

if __name__ == "__main__":
    tf.test.main()
"""


def run(tmp_path, *args, **environment):
    program = tmp_path / "my_test.py"
    program.write_text(PROGRAM)
    home = os.path.dirname(os.path.dirname(tf.__file__))
    environment = {**os.environ, "PYTHONPATH": home, **environment}
    return subprocess.run([sys.executable, str(program), *args], capture_output=True, text=True, env=environment)


def test_main(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 1 and "FAIL: testBad (__main__.MyTest" in done.stderr and "Ran 3 tests" in done.stderr
    assert run(tmp_path, "MyTest.testGood").returncode == 0


def test_benchmarks(tmp_path):
    done = run(tmp_path, "--benchmarks=all")
    assert done.returncode == 0, done.stderr
    assert 'name: "MyBenchmark.benchmarkAdd"' in done.stdout and 'name: "MyBenchmark.other"' in done.stdout
    assert "iters: 7" in done.stdout and 'string_value: "text"' in done.stdout and "min_value" in done.stdout
    assert "Ran" not in done.stderr
    done = run(tmp_path, "--benchmarks=Other", TEST_REPORT_FILE_PREFIX=str(tmp_path / "report_"))
    assert (tmp_path / "report_MyBenchmark.other").stat().st_size > 10 and "entry" not in done.stdout


def test_internal_paths_find_public_names_beside_their_own():
    code = (
        "from eagle.legacy import alias; alias.install(); from tensorflow.python.framework import errors, test_util; "
        "import tensorflow as tf; from tensorflow.python.platform import googletest; "
        "assert errors.OpError is tf.errors.OpError and errors.InaccessibleTensorError and test_util.TensorFlowTestCase; "
        "assert tf.python.framework.errors.OpError is tf.errors.OpError and googletest.GetTempDir; "
        "from tensorflow.python.ops import variable_scope as vs, variables; "
        "assert vs.get_variable is tf.get_variable and vs.variable_scope is tf.variable_scope and variables.PartitionedVariable"
    )
    home = os.path.dirname(os.path.dirname(tf.__file__))
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": home})
