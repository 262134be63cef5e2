"""Finders of modules, which `import` asks before the others."""

import sys


def put_first(kind):
    """Has a finder of a class asked first from now on, in this process; once."""
    if not any(isinstance(finder, kind) for finder in sys.meta_path):
        sys.meta_path.insert(0, kind())


def when_loaded(spec, finish):
    """Has a function called with the module of a spec when it has been loaded; returns the spec."""
    load = spec.loader.exec_module

    def load_and_finish(module):
        load(module)
        finish(module)

    spec.loader.exec_module = load_and_finish
    return spec
