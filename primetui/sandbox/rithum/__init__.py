"""Rithum as the sandbox speaks it: the ChannelAdvisor REST API v1, with its quirks."""
