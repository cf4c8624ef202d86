"""Equipoise: the balance between credit risk control and customer experience."""
