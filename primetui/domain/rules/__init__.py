"""Automation rules: their model, their one-line text, and the engine that runs and explains them.

A rule is text that was read into plain words (`model`); the vocabulary (`fields`, `operators`,
`actions`) says what the words mean; `compiled` runs them, `explain` runs them slowly and tells.
"""
