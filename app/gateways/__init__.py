"""Gateways: what others send us or serve us, behind fences of our own."""
