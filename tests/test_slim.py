"""The networks of tf.contrib.slim, and what trains and evaluates them."""

import hashlib
import json

import networks
import nodes
import pytest

import eagle as tf

# The number of nodes that TensorFlow 1.15 builds for each program of networks.py, and the digest of their list.
DIGESTS = {
    "vgg": (272, "481c12f2b9bfb5b5c467dac23f6f53a6bba942e8"),
    "alexnet": (201, "95bbbc5e93798bf77d846fdfd706c24c3b3d0fb9"),
    "overfeat": (175, "6a643db8403da52f9892c0fd6a1a64dd5669e216"),
    "residual": (1239, "cc8c3418d2aff7b028dc477a3c526d40b5a86367"),
    "inception_v1": (2468, "8e9734436f2062d4bad6da5948961c61771ea106"),
    "inception_v2": (2128, "e25b8921fd74cd9c171f8244231ed7104c969c26"),
    "inception_v3": (2972, "69b7ffa334a0703904e733d61f68dec4500670e1"),
}


@pytest.mark.parametrize("name", DIGESTS)
def test_nodes_of_networks(name):
    with tf.Graph().as_default() as graph:
        getattr(networks, name)(tf)
    found = nodes.describe(graph)
    assert (len(found), hashlib.sha1(json.dumps(found).encode()).hexdigest()) == DIGESTS[name]
