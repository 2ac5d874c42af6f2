"""Questions asked one after another: `interview` decides what comes next, `conversation` talks."""
