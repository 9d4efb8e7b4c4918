"""newsdesk beside LangChain, LlamaIndex, Haystack, txtai and plain BM25: same articles, questions and encoder.

``make bench-peers`` installs them into an environment of their own; none of them is a dependency of newsdesk.
"""
