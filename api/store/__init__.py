"""The store: tables, their migrations, and one module for each thing that is kept."""
