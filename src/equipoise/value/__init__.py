"""What a treatment is worth for an applicant, measure by measure."""
