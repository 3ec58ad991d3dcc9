"""The act as a value: tree, numbering, references, anchors."""
