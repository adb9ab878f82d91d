"""Notebooks run again with other parameters: one page, a gallery, or the whole book."""
