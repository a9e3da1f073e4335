"""The events that every shop is said in, whatever its system (docs/shop-events.md). Names are Segment's where it has one."""

from __future__ import annotations

PRODUCT_VIEWED = "Product Viewed"
PRODUCT_ADDED = "Product Added"
PRODUCT_REMOVED = "Product Removed"
CART_VIEWED = "Cart Viewed"
CART_UPDATED = "Cart Updated"  # {cart_id, cart_value, currency, products, cart_url}
CHECKOUT_STARTED = "Checkout Started"  # {checkout_id, cart_id, order_id, value, currency, products, checkout_url}
PAYMENT_FAILED = "Payment Failed"  # {order_id, total, currency, products, payment_method, reason, pay_url}
ORDER_COMPLETED = "Order Completed"
ORDER_CORRECTED = "Order Corrected"  # {order_id, total}: what the total is by now
ORDER_UPDATED = "Order Updated"  # {order_id, status, …}: once for each status that an order comes to
ORDER_CANCELLED = "Order Cancelled"
ORDER_REFUNDED = "Order Refunded"  # {order_id, refund_id, total}: without a readable total all of it

# What an order's `status` may be. A shop's own further ones stand beside them in its own word.
PENDING, ON_HOLD, PROCESSING, SHIPPED, COMPLETED = "pending", "on_hold", "processing", "shipped", "completed"
PARTLY_SHIPPED, CANCELLED, REFUNDED, FAILED = "partly_shipped", "cancelled", "refunded", "failed"
STATUSES = (PENDING, ON_HOLD, PROCESSING, PARTLY_SHIPPED, SHIPPED, COMPLETED, CANCELLED, REFUNDED, FAILED)
