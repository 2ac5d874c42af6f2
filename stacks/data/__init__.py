"""Where the data lies and moves: buckets, catalogue, streams, feature groups."""
