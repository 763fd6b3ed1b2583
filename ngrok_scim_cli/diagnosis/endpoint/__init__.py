"""What the SCIM endpoint replied: status, list, paging."""
