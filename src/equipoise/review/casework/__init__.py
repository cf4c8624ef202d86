"""What people have to look at: how much comes, who decides it, and how long it waits."""
