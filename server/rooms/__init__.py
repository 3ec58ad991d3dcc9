"""The live home of a document: connections, presence, fan-out."""
