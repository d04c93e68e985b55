"""The interpreter of CSL styles: an item and a style in, runs of text out."""
