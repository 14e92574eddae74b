"""COMPUTE: the exact engine of the PAR Index. Standard library only."""
