"""What came in from a platform and what is to go out: kept in the database, so that neither is lost nor done twice."""
