"""Measurements of Tandem beside the bare libraries; python -m benchmarks runs them all."""
