"""Who writes which files of a result directory."""
