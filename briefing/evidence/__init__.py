"""Whether a cited paragraph supports what a fact says."""
