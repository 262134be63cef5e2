"""`tf.make_template`: a function that makes its variables when it is first called and shares them afterwards."""

import contextlib
import functools
import traceback

from ..core.collections import get_collection
from ..core.context import here
from ..core.export import export, resolve
from ..core.graph import get_default_graph
from ..core.trackable import Trackable
from ..platform import tf_logging as logging
from .scope import EagerVariableStore, PureVariableScope, scope_store, unique_scope, variable_scope, variable_store
from .store import AUTO_REUSE
from .tracking import capture_dependencies

_ONLY_ONCE = (
    "variable created when calling a template after the first time, perhaps you used tf.Variable when you meant tf.get_variable: "
)


@export("make_template")
def make_template(name_, func_, create_scope_now_=False, unique_name_=None, custom_getter_=None, **kwargs):
    """A function that shares the variables which `func_` makes with `get_variable` among all its calls.

    Args:
      name_: the name of the variable scope; made unique.
      func_: a function.
      create_scope_now_: whether the scope is opened now, and not at the first call.
      unique_name_: the name of the scope, if it is not to be made unique (in graphs only).
      custom_getter_: a custom getter for the scope.
      **kwargs: arguments that `func_` gets at each call.

    Returns:
      A function of the other arguments of `func_`.

    Raises:
      ValueError: `name_` is None, or eagerly `unique_name_` is given.
    """
    return _make(name_, func_, create_scope_now_, unique_name_, custom_getter_, False, kwargs)


@export("contrib.eager.make_template")
def make_eager_template(name_, func_, create_scope_now_=False, unique_name_=None, custom_getter_=None, create_graph_function_=False,
                        **kwargs):  # fmt: skip
    """As `make_template`; with `create_graph_function_` the function is a `tf.contrib.eager.defun`."""
    return _make(name_, func_, create_scope_now_, unique_name_, custom_getter_, create_graph_function_, kwargs)


def _make(name, function, create_scope_now, unique_name, custom_getter, create_graph_function, kwargs):
    if kwargs:
        function = functools.wraps(function)(functools.partial(function, **kwargs))
    if not here.eager:
        return Template(name, function, create_scope_now, unique_name, custom_getter, create_graph_function)
    if unique_name is not None:
        raise ValueError("unique_name_ cannot be used when eager exeuction is enabled.")
    return EagerTemplate(name, function, create_scope_now, custom_getter, create_graph_function)


class Template(Trackable):
    """A function with the variables that it made; see `make_template`.

    Attributes:
      name: the name that was given.
      func: the function.
      variable_scope: its scope, None before the first call (unless it was opened at once).
    """

    def __init__(self, name, func, create_scope_now=False, unique_name=None, custom_getter=None, create_graph_function=False):
        if name is None:
            raise ValueError("name cannot be None.")
        self._func = resolve("contrib.eager.defun")(func) if create_graph_function else func
        self._defined_at = traceback.format_stack()[:-3]
        self._name = name
        self._unique_name = unique_name
        self._custom_getter = custom_getter
        self._variable_scope = None
        if create_scope_now:
            with PureVariableScope(unique_name or unique_scope(name), custom_getter=custom_getter) as scope:
                self._variable_scope = scope
        self._variables_created = False
        self._first_call = True

    name = property(lambda self: self._name)
    func = property(lambda self: self._func)
    variable_scope = property(lambda self: self._variable_scope)
    var_scope = property(lambda self: self._variable_scope)  # deprecated spelling

    @property
    def variable_scope_name(self):
        """The scope's name with a slash at its end; None before there is a scope."""
        if self._variable_scope is None:
            return None
        name = self._variable_scope.name
        return name if not name or name[-1] == "/" else name + "/"

    def __call__(self, *args, **kwargs):
        if self._variable_scope is not None:
            with variable_scope(self._variable_scope, reuse=not self._first_call):
                return self._call(args, kwargs)
        with variable_scope(self._unique_name, self._name, custom_getter=self._custom_getter) as scope:
            self._variable_scope = scope
            return self._call(args, kwargs)

    def _call(self, args, kwargs):
        try:
            return self._call_function(args, kwargs)
        except Exception as e:
            text = e.args[0] if e.args else ""
            e.args = ("%s\n\noriginally defined at:\n%s" % (text, self._own_frames()), *e.args[1:])
            raise

    def _own_frames(self):
        """Where the template was made, without what its stack has in common with that of this call."""
        for i, (made, now) in enumerate(zip(self._defined_at, traceback.format_stack())):
            if made != now:
                return "".join(self._defined_at[i:])
        return "".join(self._defined_at[-1:])

    def _call_function(self, args, kwargs):
        if not self._variables_created:
            was_first, self._first_call = self._first_call, False
            try:
                with capture_dependencies(self):
                    result = self._func(*args, **kwargs)
            except BaseException:
                self._first_call = was_first
                raise
            self._variables_created = self._variables_created or was_first
            return result
        trainable, everything = self._variables_now()
        result = self._func(*args, **kwargs)
        trainable_after, everything_after = self._variables_now()
        if len(trainable_after) != len(trainable):
            raise ValueError("Trainable " + _ONLY_ONCE + str([v for v in trainable_after if v not in trainable]))
        if len(everything_after) != len(everything):
            logging.info("New " + _ONLY_ONCE + "%s", [v for v in everything_after if v not in everything])
        return result

    def _variables_now(self):
        """The trainable and all variables that a call may have made."""
        graph = get_default_graph()
        return graph.get_collection("trainable_variables"), graph.get_collection("variables")

    def _collection(self, name):
        return get_collection(name, self.variable_scope_name) if self._variables_created else []

    @property
    def global_variables(self):
        """The global variables in the scope."""
        return self._collection("variables")

    @property
    def local_variables(self):
        """The local variables in the scope."""
        return self._collection("local_variables")

    @property
    def variables(self):
        """All variables in the scope."""
        return self.global_variables + self.local_variables

    @property
    def trainable_variables(self):
        """The trainable variables in the scope."""
        return self._collection("trainable_variables")

    @property
    def non_trainable_variables(self):
        """The global variables in the scope that are not trainable."""
        trainable = self.trainable_variables
        return [v for v in self.global_variables if v not in trainable]

    weights = property(lambda self: self.variables)
    trainable_weights = property(lambda self: self.trainable_variables)
    non_trainable_weights = property(lambda self: self.non_trainable_variables)


class EagerTemplate(Template):
    """A template whose variables are eager: it keeps them itself."""

    def __init__(self, name, func, create_scope_now=False, custom_getter=None, create_graph_function=False):
        if not here.eager:
            raise RuntimeError("%s objects can only be used when eager execution is enabled, use tf.Template for graph construction"
                               % type(self))  # fmt: skip
        super().__init__(name, func, create_scope_now, None, custom_getter, create_graph_function)
        around = variable_store()
        self._store = EagerVariableStore(around if around._store_eager_variables else None)
        self._scope_context = None

    def __call__(self, *args, **kwargs):
        if self._variable_scope is None:
            with variable_scope(self._unique_name, self._name, custom_getter=self._custom_getter) as scope:
                self._variable_scope = scope
                with self._stored():
                    return self._call(args, kwargs)
        if self._scope_context is None:
            self._scope_context = variable_scope(self._variable_scope, reuse=AUTO_REUSE)
        with self._scope_context, self._stored():
            return self._call(args, kwargs)

    @contextlib.contextmanager
    def _stored(self):
        """A context manager in which variables are kept by the template."""
        try:
            with self._store.as_default():
                yield
        finally:
            scope_store().close_subscopes(self._variable_scope.name)

    def _own(self, variables):
        prefix = self._variable_scope.name + "/"
        return [v for v in variables if v.name.startswith(prefix)]

    def _variables_now(self):
        return self._own(self._store.trainable_variables()), self._own(self._store.variables())

    @property
    def global_variables(self):
        return self._own(self._store.variables()) if self._variables_created else []

    @property
    def local_variables(self):
        return []

    @property
    def trainable_variables(self):
        return self._own(self._store.trainable_variables()) if self._variables_created else []
