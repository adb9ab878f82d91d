"""What a notebook shows: figures, tables, verdicts and downloads."""
