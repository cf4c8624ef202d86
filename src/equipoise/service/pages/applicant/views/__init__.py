"""The applicant's pages, a file for each thing that a person does."""
