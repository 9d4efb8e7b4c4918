"""Text to terms for lexical search, per language: the same for an article and for a question (pure).

A term is a word, stemmed and stripped of diacritics, lower case; a number without its separators; an acronym without
its dots; and, where a script has no spaces, each pair of neighbouring characters. What is written in two usual ways
(O'Brien, F-16, e-mail) has a term for each. A name has keys besides: what it sounds like in any script.
"""

from index.analysis.folding import fold
from index.analysis.misspelled import slips
from index.analysis.names import is_name_key, name_keys, question_name_keys
from index.analysis.words import question_terms, terms

__all__ = ["fold", "is_name_key", "name_keys", "question_name_keys", "question_terms", "slips", "terms"]
