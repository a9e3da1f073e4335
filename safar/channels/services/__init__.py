"""What a workspace's own service is: settings, secrets, calls over HTTP."""
