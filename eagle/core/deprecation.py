"""Old spellings of arguments, which TensorFlow 1.x still takes."""


def one_of(name, value, old_name, old_value):
    """The value of an argument that has an old spelling too; raises ValueError if both are given."""
    if old_value is None:
        return value
    if value is not None:
        raise ValueError("Cannot specify both '%s' and '%s'" % (old_name, name))
    return old_value
