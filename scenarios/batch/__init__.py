"""Many cases: solved side by side on this machine or a cluster; results a line each, resumed after a kill."""
