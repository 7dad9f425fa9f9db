"""Who may do what: members, groups, roles, invitations, keys and sessions, and the rules that hold for them; pure."""
