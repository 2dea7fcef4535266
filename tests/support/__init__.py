"""What several test modules need: data, runs, pages, servers, browsers."""
