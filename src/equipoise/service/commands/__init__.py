"""Running the service from the command line: start, first start, replay, verify, back up."""
