"""Functions as users see them: `tf.function`, `tfe.defun`, `tf.wrap_function`.

What traces give, and how it is called, is in run/function.py.
"""
