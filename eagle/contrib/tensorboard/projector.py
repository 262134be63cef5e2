"""`tf.contrib.tensorboard.plugins.projector`: tells TensorBoard how to show embeddings."""

import os

from ... import protos
from ...core.export import export
from ...platform import file_io

for _name in ("ProjectorConfig", "EmbeddingInfo", "SpriteMetadata"):
    export("contrib.tensorboard.plugins.projector." + _name)(protos.message(_name))


@export("contrib.tensorboard.plugins.projector.visualize_embeddings")
def visualize_embeddings(summary_writer, config):
    """Writes the file that tells TensorBoard which embeddings to show.

    Args:
      summary_writer: the `FileWriter` in whose folder it is written.
      config: a `ProjectorConfig`.

    Raises:
      ValueError: the writer has no folder.
    """
    from google.protobuf import text_format

    folder = summary_writer.get_logdir()
    if folder is None:
        raise ValueError("Summary writer must have a logdir")
    file_io.write_string_to_file(os.path.join(folder, "projector_config.pbtxt"), text_format.MessageToString(config))
