"""Why a member may do something, or why not."""
