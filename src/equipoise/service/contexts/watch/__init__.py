"""What the workspace's watch.yaml says to watch, as the service reads it on schedule: readings, and
the alerts that follow from them.
"""
