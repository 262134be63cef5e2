"""Writes short film reviews, made by a small grammar, for text_classifier.py.

python examples/review_files.py FOLDER

A line is `label<TAB>words`.  A review is a row of opinions; the words that join them tell which one counts: what follows "but"
takes back what was said before, what follows "although" is said by the way, "not" and "hardly" turn an opinion round.  So the
label, 1 for praise and 0 for blame, hangs on the order of the words, and no count of words gives it.  One critic in twenty means
the opposite of what he writes, so nobody can be right more often than in 95 of 100 cases.
"""

import os
import sys

import numpy as np

THINGS = "plot cast music dialogue camera ending pace humour script direction scenery lead villain editing sound story".split()
GOOD = "brilliant moving clever gripping warm funny fresh superb honest elegant charming splendid tense subtle lively rich".split()
BAD = "dull clumsy hollow noisy stale tedious silly bleak shallow lazy wooden awkward tiresome bland messy dreary".split()
VERBS = "is was seems felt looked remains".split()
ADVERBS = "very rather truly quite often somewhat".split()
ASIDES = [
    "i think",
    "for the most part",
    "as my friend said",
    "in the second half",
    "to be fair",
    "on a sunday evening",
    "for once",
]
FILES = {"train.tsv": 8000, "test.tsv": 2000}


def opinion(random, value):
    """A clause that praises (value 1) or blames (0)."""
    turned = random.randint(3) == 0
    words = ["the", random.choice(THINGS), random.choice(VERBS)]
    words += [random.choice(["not", "hardly"])] if turned else []
    words += [random.choice(ADVERBS)] if random.randint(2) else []
    words += [random.choice(GOOD if value != turned else BAD)]
    return words + (random.choice(ASIDES).split() if random.randint(3) == 0 else [])


def review(random):
    """A label and a review."""
    label = random.randint(2)
    words = opinion(random, label)
    for _ in range(random.geometric(0.35)):
        joint = random.choice(["and", "but", "although"])
        if joint == "but":
            words = opinion(random, 1 - label) if random.randint(2) else words
            label = random.randint(2)
        words += [joint] + opinion(random, label if joint != "although" else 1 - label)
    return label if random.randint(20) else 1 - label, " ".join(words)


def write(folder):
    """Writes the reviews and their vocabulary, one word a line, the most frequent first, unless they are there."""
    if os.path.exists(os.path.join(folder, "vocabulary.txt")):
        return
    if not os.path.isdir(folder):
        os.makedirs(folder)
    random, counts = np.random.RandomState(0), {}
    for name, count in FILES.items():
        with open(os.path.join(folder, name), "w") as file:
            for _ in range(count):
                label, text = review(random)
                file.write("%d\t%s\n" % (label, text))
                if name == "train.tsv":
                    for word in text.split():
                        counts[word] = counts.get(word, 0) + 1
    with open(os.path.join(folder, "vocabulary.txt"), "w") as file:
        file.writelines(word + "\n" for word in sorted(counts, key=lambda word: (-counts[word], word)))


if __name__ == "__main__":
    write(sys.argv[1])
