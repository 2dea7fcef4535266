"""What a finished run is handed out as, for use without this program."""
