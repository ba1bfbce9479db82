"""Pictures: made safe, and kept on an FTP server, in a folder or in memory."""
