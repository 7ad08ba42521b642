"""Pages in a real Chromium, as people see them: judged for accessibility, at any width, by keyboard alone, without script."""
