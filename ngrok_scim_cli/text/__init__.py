"""Characters, look-alikes and near misses: what can be told of a text, whatever it stands for.

May import: none of the others.
"""
