"""Amazon's Selling Partner API, spoken over our own thin HTTP client."""
