"""Generators, readers, baselines and studies."""
