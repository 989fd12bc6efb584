"""Pure values and the gate: no clock, no disk, no network."""
