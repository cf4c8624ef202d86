"""What the pages of practice say: facts of a case, results in sentences, charts of them."""
