"""Who may do what: members, groups, roles, invitations and sessions, each with what leads to it and where it leads."""
