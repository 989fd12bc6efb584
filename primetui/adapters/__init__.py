"""Everything that touches the outside: Amazon, the disk, this machine."""
