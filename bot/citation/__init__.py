"""Citations: a record formatted in a CSL style, and files that a reference manager takes."""
