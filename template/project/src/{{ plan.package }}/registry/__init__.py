"""Model versions, who approved them, and which one is live."""
