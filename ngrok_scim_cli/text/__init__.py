"""Characters, look-alikes and near misses: what a text is made of, whatever it means.

May import: none of the others.
"""
