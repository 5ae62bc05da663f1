"""The program: configuration, wiring, the fetch and deliver rounds, the command line and the demo."""
