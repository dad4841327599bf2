"""Stories of what the product does; helpers stand beside them."""
