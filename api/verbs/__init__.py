"""What people can do, one file per noun: the command line and the HTTP API are two thin faces over the same verbs."""
