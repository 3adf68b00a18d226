"""The program: reads config, wires, polls or listens, delivers."""
