"""What a report shows, before anybody writes it: facts, counts, figures, tables and words."""
