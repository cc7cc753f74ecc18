"""What people take away: sheets, pictures, texts. Values in, bytes out."""
