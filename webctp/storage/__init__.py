"""Files that outlive the process: their versions, and how older ones are taken over."""
