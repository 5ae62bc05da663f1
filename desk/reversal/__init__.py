"""How an act is taken back, and done again: what undo and redo have in common."""
