"""What people look at: the page, the workbook and the terminal; and JSON. Each shows answers and computes nothing."""
