"""Characters, look-alikes and near misses: what a text is made of, whatever it stands for.

May import: none of the others.
"""
