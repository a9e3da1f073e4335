<?php
/**
 * Orders, customers, products and carts as Safar reads them: the fields of WooCommerce's REST API that it needs, and no others.
 */

defined( 'ABSPATH' ) || exit;

class Safar_Bodies {
	/** By WC_Order's own methods, so it does not matter where orders are stored (HPOS or posts). */
	public static function order( $order ) {
		$billing = array();
		foreach ( array( 'first_name', 'last_name', 'city', 'country', 'email', 'phone' ) as $name ) {
			$billing[ $name ] = (string) $order->{"get_billing_$name"}();
		}
		$refunds = array();
		foreach ( $order->get_refunds() as $refund ) {
			$refunds[] = array( 'id' => $refund->get_id(), 'reason' => (string) $refund->get_reason(), 'total' => '-' . $refund->get_amount() );
		}
		$coupons = array();
		foreach ( $order->get_coupon_codes() as $code ) {
			$coupons[] = array( 'code' => $code );
		}
		return array(
			'id'                   => $order->get_id(),
			'number'               => (string) $order->get_order_number(),
			'order_key'            => $order->get_order_key(),
			'status'               => $order->get_status(),
			'currency'             => $order->get_currency(),
			'date_created_gmt'     => self::moment( $order->get_date_created() ),
			'date_modified_gmt'    => self::moment( $order->get_date_modified() ),
			'date_paid_gmt'        => self::moment( $order->get_date_paid() ),
			'total'                => (string) $order->get_total(),
			'total_tax'            => (string) $order->get_total_tax(),
			'shipping_total'       => (string) $order->get_shipping_total(),
			'discount_total'       => (string) $order->get_discount_total(),
			'customer_id'          => $order->get_customer_id(),
			'billing'              => $billing,
			'payment_method'       => $order->get_payment_method(),
			'payment_method_title' => $order->get_payment_method_title(),
			'payment_url'          => $order->get_checkout_payment_url(),
			'meta_data'            => self::meta( $order ),
			'line_items'           => array_values( array_map( array( __CLASS__, 'line' ), $order->get_items() ) ),
			'coupon_lines'         => $coupons,
			'refunds'              => $refunds,
		);
	}

	private static function meta( $order ) {
		$said = array_filter( explode( ',', (string) $order->get_meta( '_safar_consent' ) ) );
		foreach ( array( 'email', 'sms' ) as $channel ) {
			if ( $order->get_meta( "_wc_other/safar/$channel" ) ) { // as the block checkout keeps it
				$said[] = $channel;
			}
		}
		$meta = array(
			'_safar_cart'         => (string) $order->get_meta( '_safar_cart' ),
			'_safar_visitor'      => (string) $order->get_meta( '_safar_visitor' ),
			'_safar_consent'      => implode( ',', array_unique( $said ) ),
			'_safar_consent_text' => (string) $order->get_meta( '_safar_consent_text' ),
		);
		$found = array();
		foreach ( array_filter( $meta ) as $key => $value ) {
			$found[] = array( 'key' => $key, 'value' => $value );
		}
		return $found;
	}

	private static function line( $item ) {
		$product  = $item->get_product();
		$quantity = (int) $item->get_quantity();
		return array(
			'product_id'   => $item->get_product_id(),
			'variation_id' => $item->get_variation_id(),
			'name'         => $item->get_name(),
			'sku'          => $product ? (string) $product->get_sku() : '',
			'quantity'     => $quantity,
			'subtotal'     => (string) $item->get_subtotal(),
			'total'        => (string) $item->get_total(),
			'price'        => $quantity ? round( (float) $item->get_total() / $quantity, 6 ) : 0,
			'image'        => array( 'src' => $product ? self::image( $product ) : '' ),
			'url'          => $product ? (string) $product->get_permalink() : '',
		);
	}

	public static function product( $product ) {
		$terms = get_the_terms( $product->get_id(), 'product_cat' );
		return array(
			'id'                => $product->get_id(),
			'name'              => $product->get_name(),
			'permalink'         => (string) $product->get_permalink(),
			'status'            => $product->get_status(),
			'price'             => (string) $product->get_price(),
			'regular_price'     => (string) $product->get_regular_price(),
			'manage_stock'      => (bool) $product->managing_stock(),
			'stock_quantity'    => $product->get_stock_quantity(),
			'stock_status'      => $product->get_stock_status(),
			'categories'        => is_array( $terms ) && $terms ? array( array( 'name' => reset( $terms )->name ) ) : array(),
			'images'            => array( array( 'src' => self::image( $product ) ) ),
			'date_modified_gmt' => gmdate( 'Y-m-d\TH:i:s' ), // a change of stock leaves the product's own date as it was
		);
	}

	public static function customer( $customer ) {
		return array(
			'id'                => $customer->get_id(),
			'email'             => $customer->get_email(),
			'first_name'        => $customer->get_first_name(),
			'last_name'         => $customer->get_last_name(),
			'date_modified_gmt' => self::moment( $customer->get_date_modified() ),
			'billing'           => self::billing( $customer ),
		);
	}

	public static function billing( $customer ) {
		$billing = array();
		foreach ( array( 'first_name', 'last_name', 'city', 'country', 'email', 'phone' ) as $name ) {
			$billing[ $name ] = (string) $customer->{"get_billing_$name"}();
		}
		return $billing;
	}

	/** The cart as it is now. */
	public static function cart( $cart ) {
		$items = array();
		foreach ( $cart->get_cart() as $line ) {
			$product = $line['data'];
			$items[] = array(
				'product_id'   => (int) $line['product_id'],
				'variation_id' => isset( $line['variation_id'] ) ? (int) $line['variation_id'] : 0,
				'name'         => $product->get_name(),
				'sku'          => (string) $product->get_sku(),
				'quantity'     => (int) $line['quantity'],
				'price'        => (string) $product->get_price(),
				'image_url'    => self::image( $product ),
				'url'          => (string) $product->get_permalink(),
			);
		}
		return array(
			'total'        => wc_format_decimal( (float) $cart->get_cart_contents_total() + (float) $cart->get_cart_contents_tax(), wc_get_price_decimals() ),
			'currency'     => get_woocommerce_currency(),
			'cart_url'     => wc_get_cart_url(),
			'checkout_url' => wc_get_checkout_url(),
			'items'        => $items,
		);
	}

	public static function look( $product ) {
		$terms = get_the_terms( $product->get_id(), 'product_cat' );
		return array(
			'product_id' => $product->get_id(),
			'name'       => $product->get_name(),
			'sku'        => (string) $product->get_sku(),
			'price'      => (string) $product->get_price(),
			'category'   => is_array( $terms ) && $terms ? reset( $terms )->name : '',
			'image_url'  => self::image( $product ),
			'url'        => (string) $product->get_permalink(),
		);
	}

	private static function image( $product ) {
		$source = wp_get_attachment_image_url( $product->get_image_id(), 'woocommerce_thumbnail' );
		return $source ? $source : '';
	}

	private static function moment( $date ) {
		return $date ? gmdate( 'Y-m-d\TH:i:s', $date->getTimestamp() ) : null;
	}
}
