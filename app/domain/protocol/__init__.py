"""The protocol: catalogue, checklists and texts of one version, and what answers add up to."""
