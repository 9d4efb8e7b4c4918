"""Reading: which words of a text answer a question, or that none do; by a model that reads both together.

The model is the default encoder's, taught to point at answers by tests/benchmarks/train_reader.py; it reads for every
archive, whatever encoder that was built with.
"""

from index.reader.loading import load_reader
from index.reader.spans import Reader, Spans

__all__ = ["Reader", "Spans", "load_reader"]
