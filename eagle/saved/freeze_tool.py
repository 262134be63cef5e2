"""TensorFlow's tool `freeze_graph`: a graph and a checkpoint become a graph with constants in the place of variables."""

import argparse
import re

from .. import protos
from ..core.export import export
from ..core.graph import get_default_graph
from ..platform import gfile
from ..run.session import Session
from . import saved_model_loader
from .checkpoint_reader import CheckpointReader
from .checkpoint_state import checkpoint_exists
from .graph_util import convert_variables_to_constants
from .importing import import_graph_def
from .saver import Saver, import_meta_graph

_PART = re.compile(r"/part_\d+/")
_V2 = protos.SaverDef.V2


def _export(name):
    return export("python.tools.freeze_graph." + name)


def _words(text):
    """The words between commas."""
    return text.replace(" ", "").split(",") if text else None


@_export("freeze_graph_with_def_protos")
def freeze_graph_with_def_protos(
    input_graph_def, input_saver_def, input_checkpoint, output_node_names, restore_op_name, filename_tensor_name, output_graph,
    clear_devices, initializer_nodes, variable_names_whitelist="", variable_names_blacklist="", input_meta_graph_def=None,
    input_saved_model_dir=None, saved_model_tags=None, checkpoint_version=_V2,
):  # fmt: skip
    """A graph whose variables have become constants with the values of a checkpoint.

    Args:
      input_graph_def: the `GraphDef`, or None.
      input_saver_def: the `SaverDef` that restores its variables, or None.
      input_checkpoint: the name of the checkpoint.
      output_node_names: the names of the nodes that are wanted, with commas between them.
      restore_op_name, filename_tensor_name: not used any more, as in TensorFlow.
      output_graph: the path of a file to write, or "".
      clear_devices: whether the nodes lose their devices.
      initializer_nodes: the names of nodes to run before, with commas between them.
      variable_names_whitelist: the names of the variables that become constants, with commas between them; by default all.
      variable_names_blacklist: the names of variables that stay.
      input_meta_graph_def: a `MetaGraphDef` to read in the place of a graph.
      input_saved_model_dir: the folder of a `SavedModel` to read.
      saved_model_tags: the tags of its graph.
      checkpoint_version: the format of checkpoints that the saver is made for.

    Returns:
      The `GraphDef`.

    Raises:
      ValueError: there is no such checkpoint, no node is wanted, or the graph has no variables.
    """
    if not input_saved_model_dir and not checkpoint_exists(input_checkpoint):
        raise ValueError("Input checkpoint '%s' doesn't exist!" % input_checkpoint)
    if not output_node_names:
        raise ValueError("You need to supply the name of a node to --output_node_names.")
    graph_def = input_meta_graph_def.graph_def if input_meta_graph_def else input_graph_def
    if clear_devices and graph_def:
        for node in graph_def.node:
            node.device = ""
    if input_graph_def:
        import_graph_def(input_graph_def, name="")
    with Session() as sess:
        if input_saver_def:
            Saver(saver_def=input_saver_def, write_version=checkpoint_version).restore(sess, input_checkpoint)
        elif input_meta_graph_def:
            import_meta_graph(input_meta_graph_def, clear_devices=True).restore(sess, input_checkpoint)
        elif input_saved_model_dir:
            saved_model_loader.load(sess, saved_model_tags or [], input_saved_model_dir)
        else:
            _saver_for(input_checkpoint, checkpoint_version).restore(sess, input_checkpoint)
        if initializer_nodes and not input_saver_def and not input_saved_model_dir:
            sess.run(_words(initializer_nodes))
        made = convert_variables_to_constants(
            sess, graph_def, _words(output_node_names), _words(variable_names_whitelist), _words(variable_names_blacklist)
        )
    if output_graph:
        with gfile.GFile(output_graph, "wb") as f:
            f.write(made.SerializeToString())
    return made


def _saver_for(checkpoint, version):
    """A saver for the variables of the default graph that a checkpoint has."""
    graph, found = get_default_graph(), {}
    for key in CheckpointReader(checkpoint).get_variable_to_shape_map():
        if key in graph._by_name:
            found[key] = graph.get_tensor_by_name(key + ":0")
    operations = graph.get_operations()
    try:
        return Saver(var_list=found, write_version=version)
    except TypeError:
        parts = [op.name for op in operations if _PART.search(op.name)]
        if any(key in name for key in found for name in parts):
            raise ValueError(
                "Models containing partition variables cannot be converted from checkpoint files. Please pass in a SavedModel "
                "using the flag --input_saved_model_dir."
            ) from None
        if not any(op.type.startswith("Variable") or op.type.endswith("VariableOp") for op in operations):
            raise ValueError(
                "No variables were found in this model. It is likely the model was frozen previously. You cannot freeze a graph "
                "twice."
            ) from None
        raise


def _read(path, cls, binary, what):
    """The message of a file; raises IOError if there is no such file or no such message in it."""
    from google.protobuf import text_format
    from google.protobuf.message import DecodeError

    if not gfile.exists(path):
        raise OSError("Input %s file '%s' does not exist!" % (what, path))
    try:
        with gfile.GFile(path, "rb" if binary else "r") as f:
            return cls.FromString(f.read()) if binary else text_format.Merge(f.read(), cls())
    except (DecodeError, text_format.ParseError, UnicodeDecodeError) as e:
        raise OSError("Cannot parse file %s: %s." % (path, e)) from None


@_export("freeze_graph")
def freeze_graph(
    input_graph, input_saver, input_binary, input_checkpoint, output_node_names, restore_op_name, filename_tensor_name,
    output_graph, clear_devices, initializer_nodes, variable_names_whitelist="", variable_names_blacklist="", input_meta_graph=None,
    input_saved_model_dir=None, saved_model_tags="serve", checkpoint_version=_V2,
):  # fmt: skip
    """A graph whose variables have become constants with the values of a checkpoint.

    Args:
      input_graph: the path of a `GraphDef`, or "".
      input_saver: the path of a `SaverDef`, or "".
      input_binary: whether these files are binary, not text.
      input_meta_graph: the path of a `MetaGraphDef` to read in the place of a graph.
      saved_model_tags: the tags of the graph in a saved model, with commas between them.
      input_checkpoint, output_node_names, restore_op_name, filename_tensor_name, output_graph, clear_devices, initializer_nodes,
      variable_names_whitelist, variable_names_blacklist, input_saved_model_dir, checkpoint_version: as of
        `freeze_graph_with_def_protos`.

    Returns:
      The `GraphDef`.

    Raises:
      IOError: a file is missing.
      ValueError: there is no such checkpoint, no node is wanted, or the graph has no variables.
    """
    tags = _words(saved_model_tags)
    graph_def = meta_graph_def = saver_def = None
    if input_saved_model_dir:
        loader = saved_model_loader.SavedModelLoader(input_saved_model_dir)
        graph_def = loader.get_meta_graph_def_from_tags(tags).graph_def
    elif input_graph:
        graph_def = _read(input_graph, protos.GraphDef, input_binary, "graph")
    if input_meta_graph:
        meta_graph_def = _read(input_meta_graph, protos.MetaGraphDef, input_binary, "meta graph")
    if input_saver:
        saver_def = _read(input_saver, protos.SaverDef, input_binary, "saver")
    return freeze_graph_with_def_protos(
        graph_def, saver_def, input_checkpoint, output_node_names, restore_op_name, filename_tensor_name, output_graph,
        clear_devices, initializer_nodes, variable_names_whitelist, variable_names_blacklist, meta_graph_def,
        input_saved_model_dir, tags, checkpoint_version,
    )  # fmt: skip


@_export("main")
def main(unused_args, flags):
    """Freezes a graph as command-line flags say; raises ValueError for a version of checkpoints that is none."""
    if flags.checkpoint_version not in (1, 2):
        raise ValueError("Invalid checkpoint version (must be '1' or '2'): %d" % flags.checkpoint_version)
    given = dict(vars(flags))
    given["checkpoint_version"] = protos.SaverDef.V1 if flags.checkpoint_version == 1 else _V2
    freeze_graph(**given)


@_export("run_main")
def run_main():
    """Freezes a graph as the command line says."""
    parser = argparse.ArgumentParser(description="Makes the variables of a graph constants with the values of a checkpoint.")
    for name, default, text in (
        ("input_graph", "", "the file of a GraphDef"),
        ("input_saver", "", "the file of a SaverDef"),
        ("input_checkpoint", "", "the name of the checkpoint"),
        ("output_graph", "", "the file to write"),
        ("output_node_names", "", "the nodes that are wanted, with commas between them"),
        ("restore_op_name", "save/restore_all", "not used any more"),
        ("filename_tensor_name", "save/Const:0", "not used any more"),
        ("initializer_nodes", "", "nodes to run before, with commas between them"),
        ("variable_names_whitelist", "", "the variables that become constants, by default all"),
        ("variable_names_blacklist", "", "variables that stay"),
        ("input_meta_graph", "", "the file of a MetaGraphDef"),
        ("input_saved_model_dir", "", "the folder of a SavedModel"),
        ("saved_model_tags", "serve", "the tags of its graph, with commas between them"),
    ):
        parser.add_argument("--" + name, default=default, help=text)
    parser.add_argument("--checkpoint_version", type=int, default=2, help="1 or 2")
    for name, default, text in (
        ("input_binary", False, "whether the input files are binary"),
        ("clear_devices", True, "whether the nodes lose their devices"),
    ):
        parser.add_argument("--" + name, nargs="?", const=True, default=default, type=lambda v: v.lower() == "true", help=text)
    flags, rest = parser.parse_known_args()
    main(rest, flags)
