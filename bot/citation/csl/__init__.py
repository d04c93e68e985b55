"""The interpreter of CSL styles: an item and a style in, pieces of text out.

style, locale, nodes     a style and its locale, read from XML
context                  the state of rendering one item
elements                 the rendering elements, each with its module: names, dates, numbers, conditions
names, name_rules        lists of names; people: one name; particles and initials: its parts
textcase, richtext       the text of one field: letter case, quotes, markup
fragments, line          the tree that elements make, and the line of text that it is laid out as
"""
