"""What sshd starts: the forced command, what it may be asked for, and the line in which sshd is told of it."""
