"""Rithum, once ChannelAdvisor: its REST API v1 as a marketplace."""
