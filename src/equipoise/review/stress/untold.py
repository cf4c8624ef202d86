"""Why a stress test tells nothing of new business."""

NO_APPLICATIONS = "the folder has no applications: only the book is stressed"
NOT_FITTED = "the workspace is not fitted: only the book is stressed"
NOT_IN_FORCE = "no strategy of these applications is in force: only the book is stressed"
NO_STRATEGY = "the workspace has no strategy: only the book is stressed"
