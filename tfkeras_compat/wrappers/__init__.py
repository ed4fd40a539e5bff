"""Models in the interfaces of other libraries."""
