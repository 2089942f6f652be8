"""A citizen's demo portal: a client of the registration portal's API, with no more of it than address and access."""
