"""A fifth service that exists only in the tests: parking permits. Nothing of the portal knows of it."""
