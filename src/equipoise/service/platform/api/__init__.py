"""What all endpoints share: bodies, paging, parameters, texts, problems in the description."""
