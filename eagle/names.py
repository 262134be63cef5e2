"""Which module exports which public names (`NAMES`) and declares which ops (`OPS`).

tools/index_names.py writes this file.
"""

NAMES = {}
OPS = {}
