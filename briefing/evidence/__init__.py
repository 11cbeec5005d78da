"""Check whether a cited paragraph supports a fact."""
