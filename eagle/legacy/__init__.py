"""For programs that say `import tensorflow`: the import alias and the commands `eagle run` and `eagle check`."""
