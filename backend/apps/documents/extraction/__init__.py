"""Reading files that strangers made: `pool` starts a child process per file, `child` runs in it, `readers` parse.

What runs in the child (all but `pool`) imports no Django, so that it starts fast and knows no settings or secrets.
"""
