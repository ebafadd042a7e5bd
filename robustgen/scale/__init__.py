"""Data sets of any size: cases become rows, rows become files, in shards that are committed once and can be made anywhere."""
