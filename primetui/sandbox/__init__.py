"""A loopback server that speaks Amazon's wire formats, with faults on demand."""
