"""How much one may ask for in a while, over all processes: for whoever offers something to people
who are not known, such as the applicants' pages."""
