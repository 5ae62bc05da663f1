"""The shared store: TinyDB's documents and queries over a transactional engine."""
