"""Mails about one order or parcel, sent per order and outside of plans: confirmation, shipping notice, delay."""

from .report import OrderMailReport
from .sending import send_order_mail

__all__ = ["OrderMailReport", "send_order_mail"]
