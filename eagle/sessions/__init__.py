"""Sessions that look after themselves: coordinators, queue runners, hooks, monitored sessions, supervisors, servers."""
