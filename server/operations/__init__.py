"""For who keeps the server running: metrics, nodes, the health of documents, quarantine. Never shows the text of an act."""
