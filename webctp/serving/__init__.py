"""The parts that the daemon puts together: what it loads, its services, its ports, its pages."""
