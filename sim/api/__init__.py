"""What `import sim` offers: one file a noun. The command line parses, calls one function of here, and prints."""
