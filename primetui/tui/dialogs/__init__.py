"""Questions and forms that stand in front of a screen."""
