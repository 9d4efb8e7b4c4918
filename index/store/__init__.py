"""Where an archive lies: SQLite holds the truth; FAISS and tantivy hold what is derived from it."""
