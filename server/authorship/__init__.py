"""Who wrote which words of an act's text: read from the journal, kept ready, shown to whoever may read the text."""
