"""Writes eagle/names.py: which module exports which public names and declares which ops.

python tools/index_names.py          # after names or ops were added; tests/test_house.py tells when it is due
"""

import importlib
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

HEAD = '''"""Which module exports which public names (`NAMES`) and declares which ops (`OPS`).

tools/index_names.py writes this file.
"""

'''


def modules():
    for path in sorted((ROOT / "eagle").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if parts[-1] not in ("names", "__main__"):
            yield name


def table(title, entries):
    lines = ["%s = {" % title]
    for module, names in sorted(entries.items()):
        words, line = sorted(names), ""
        chunks = []
        for word in words:
            if len(line) + len(word) > 100:
                chunks.append(line)
                line = ""
            line += word + " "
        chunks.append(line.rstrip())
        if len(chunks) == 1 and len(module) + len(line) < 110:
            lines.append("    %r: %r," % (module, chunks[0]))
        else:
            lines.append("    %r: (" % module)
            lines += ["        %r" % c for c in chunks]
            lines.append("    ),")
    return "\n".join(lines).replace("'", '"') + "\n}\n"


def main():
    target = ROOT / "eagle" / "names.py"
    if not target.exists():
        target.write_text(HEAD + "NAMES = {}\nOPS = {}\n")
    for name in modules():
        importlib.import_module(name)
    from eagle.core.dispatch import registry
    from eagle.core.export import HOME

    names, ops = {}, {}
    for public, module in HOME.items():
        names.setdefault(module, []).append(public)
    for op_type, op in registry.items():
        ops.setdefault(op.kernel.__module__.partition(".")[2], []).append(op_type)
    text = HEAD + table("NAMES", names) + "\n" + table("OPS", ops)
    if "--print" in sys.argv:
        sys.stdout.write(text)
    else:
        target.write_text(text)


main()
