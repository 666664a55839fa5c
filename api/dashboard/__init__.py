"""The pages: rendered on the server, no script needed, no file from elsewhere."""
