"""Forests of `tf.contrib.tensor_forest`."""


def _forest(tf, **parameters):
    tensor_forest = tf.contrib.tensor_forest.python.tensor_forest
    params = tensor_forest.ForestHParams(num_features=4, num_trees=2, max_nodes=50, base_random_seed=3, **parameters).fill()
    return tensor_forest.RandomForestGraphs(params)


def classification(tf):
    data, labels = tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.int32, [None])
    forest = _forest(tf, num_classes=3)
    forest.training_graph(data, labels)
    forest.training_loss(data, labels)
    forest.inference_graph(data)
    forest.feature_importances()


def regression_of_parts_of_the_examples(tf):
    data, targets = tf.placeholder(tf.float32, [10, 4]), tf.placeholder(tf.float32, [10, 2])
    forest = _forest(tf, num_classes=2, regression=True, bagging_fraction=0.5)
    forest.training_graph(data, targets)
    forest.validation_loss(data, targets)
