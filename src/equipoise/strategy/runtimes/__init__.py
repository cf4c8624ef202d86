"""What a compiled strategy decides with: record by record, over a frame, and as SQL."""
