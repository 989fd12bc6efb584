"""One verb a module, each a function of the desk; the only callers of the ports."""
