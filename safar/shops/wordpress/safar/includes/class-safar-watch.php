<?php
/**
 * What happens in the shop: orders, customers, products, looks, carts, and what is typed at the checkout. Told once at the end of the request.
 */

defined( 'ABSPATH' ) || exit;

class Safar_Watch {
	const COOKIE = 'safar_visitor';
	const YEAR   = 31536000;

	private static $orders = array();
	private static $products = array();
	private static $customers = array();
	private static $cart = false;

	/** Called once a request. */
	public static function begin() {
		foreach ( array( 'woocommerce_new_order', 'woocommerce_update_order', 'woocommerce_order_status_changed', 'woocommerce_order_refunded', 'woocommerce_payment_complete' ) as $hook ) {
			add_action( $hook, array( __CLASS__, 'order' ) );
		}
		foreach ( array( 'woocommerce_new_product', 'woocommerce_update_product', 'woocommerce_untrashed_product' ) as $hook ) {
			add_action( $hook, array( __CLASS__, 'product' ) );
		}
		foreach ( array( 'woocommerce_product_set_stock', 'woocommerce_variation_set_stock' ) as $hook ) {
			add_action( $hook, array( __CLASS__, 'stock' ) );
		}
		foreach ( array( 'woocommerce_delete_product', 'woocommerce_trash_product' ) as $hook ) {
			add_action( $hook, array( __CLASS__, 'product_gone' ) );
		}
		foreach ( array( 'woocommerce_new_customer', 'woocommerce_update_customer' ) as $hook ) {
			add_action( $hook, array( __CLASS__, 'customer' ) );
		}
		foreach ( array( 'woocommerce_add_to_cart', 'woocommerce_cart_item_removed', 'woocommerce_cart_item_restored', 'woocommerce_after_cart_item_quantity_update', 'woocommerce_cart_emptied' ) as $hook ) {
			add_action( $hook, array( __CLASS__, 'cart' ) );
		}
		add_action( 'template_redirect', array( __CLASS__, 'look' ) );
		add_action( 'wp_login', array( __CLASS__, 'sign_in' ), 10, 2 );
		add_action( 'woocommerce_checkout_create_order', array( __CLASS__, 'mark_order' ) );
		add_action( 'woocommerce_store_api_checkout_update_order_from_request', array( __CLASS__, 'mark_order' ) );
		add_action( 'rest_api_init', array( __CLASS__, 'routes' ) );
		add_action( 'wp_enqueue_scripts', array( __CLASS__, 'scripts' ) );
		add_action( 'shutdown', array( __CLASS__, 'tell' ), 50 ); // before the queue is sent
	}

	public static function order( $id ) {
		self::$orders[ (int) $id ] = true;
	}

	public static function product( $id ) {
		self::$products[ (int) $id ] = true;
	}

	public static function stock( $product ) {
		self::product( $product->get_parent_id() ? $product->get_parent_id() : $product->get_id() );
	}

	public static function product_gone( $id ) {
		unset( self::$products[ (int) $id ] );
		Safar_Queue::add( 'product.deleted', array( 'id' => (int) $id ) );
	}

	public static function customer( $id ) {
		self::$customers[ (int) $id ] = true;
	}

	public static function cart() {
		self::$cart = true;
	}

	/** Everything that was noticed, each thing as it is now. */
	public static function tell() {
		foreach ( array_keys( self::$orders ) as $id ) {
			$order = wc_get_order( $id );
			if ( $order && 'shop_order' === $order->get_type() && ! in_array( $order->get_status(), array( 'checkout-draft', 'auto-draft', 'trash' ), true ) ) {
				Safar_Queue::add( 'order.updated', Safar_Bodies::order( $order ) );
			}
		}
		foreach ( array_keys( self::$products ) as $id ) {
			$product = wc_get_product( $id );
			if ( $product ) {
				Safar_Queue::add( 'product.updated', Safar_Bodies::product( $product ) );
			}
		}
		foreach ( array_keys( self::$customers ) as $id ) {
			Safar_Queue::add( 'customer.updated', Safar_Bodies::customer( new WC_Customer( $id ) ) );
		}
		if ( self::$cart && function_exists( 'WC' ) && WC()->cart && self::cart_number() ) {
			Safar_Queue::add( 'cart.updated', Safar_Bodies::cart( WC()->cart ) + self::who() );
		}
		self::$orders = self::$products = self::$customers = array();
		self::$cart   = false;
	}

	public static function look() {
		$method = isset( $_SERVER['REQUEST_METHOD'] ) ? (string) wp_unslash( $_SERVER['REQUEST_METHOD'] ) : 'GET';
		if ( 'GET' !== $method || ! function_exists( 'is_product' ) || ! is_product() || self::is_machine() ) { // by POST it is put into the cart, and its page comes once more
			return;
		}
		$product = wc_get_product( get_queried_object_id() );
		$who     = self::who( true );
		if ( $product && $who ) {
			Safar_Queue::add( 'product.viewed', array( 'product' => Safar_Bodies::look( $product ), 'currency' => get_woocommerce_currency() ) + $who );
		}
	}

	public static function sign_in( $login, $user ) {
		$billing = array( 'email' => $user->user_email, 'first_name' => $user->first_name, 'last_name' => $user->last_name );
		Safar_Queue::add( 'person.known', array( 'customer_id' => $user->ID, 'visitor' => self::visitor(), 'billing' => $billing ) );
	}

	/** The order remembers which cart and which visitor it comes from. */
	public static function mark_order( $order ) {
		$order->update_meta_data( '_safar_cart', self::cart_number() );
		$order->update_meta_data( '_safar_visitor', self::visitor() );
	}

	public static function routes() {
		register_rest_route( 'safar/v1', '/typed', array( 'methods' => 'POST', 'callback' => array( __CLASS__, 'typed' ), 'permission_callback' => array( __CLASS__, 'may_type' ) ) );
	}

	/** Only from a page of this shop: it carries the nonce that the checkout was given. */
	public static function may_type( $request ) {
		return '1' === Safar_Settings::get( 'typed' ) && (bool) wp_verify_nonce( (string) $request->get_header( 'X-Safar-Nonce' ), 'safar_typed' );
	}

	/** What stands in the checkout's fields by now. */
	public static function typed( $request ) {
		if ( function_exists( 'wc_load_cart' ) && ( ! WC()->cart || ! WC()->session ) ) {
			wc_load_cart();
		}
		$billing = array();
		foreach ( array( 'first_name', 'last_name', 'country', 'email', 'phone' ) as $name ) {
			$billing[ $name ] = substr( sanitize_text_field( (string) $request->get_param( $name ) ), 0, 200 );
		}
		if ( ! WC()->cart || WC()->cart->is_empty() || ( ! is_email( $billing['email'] ) && strlen( $billing['phone'] ) < 8 ) ) {
			return array( 'taken' => false );
		}
		if ( ! is_email( $billing['email'] ) ) {
			$billing['email'] = '';
		}
		WC()->cart->calculate_totals();
		Safar_Queue::add( 'checkout.updated', array( 'billing' => $billing, 'notice' => Safar_Settings::get( 'notice' ) ) + Safar_Bodies::cart( WC()->cart ) + self::who() );
		return array( 'taken' => true );
	}

	public static function scripts() {
		wp_enqueue_script( 'safar-visitor', plugins_url( 'assets/visitor.js', SAFAR_PLUGIN_FILE ), array(), '1.0.0', true );
		if ( '1' !== Safar_Settings::get( 'typed' ) || ! function_exists( 'is_checkout' ) || ! is_checkout() || is_order_received_page() ) {
			return;
		}
		wp_enqueue_script( 'safar-checkout', plugins_url( 'assets/checkout.js', SAFAR_PLUGIN_FILE ), array(), '1.0.0', true );
		$told = array( 'to' => esc_url_raw( rest_url( 'safar/v1/typed' ) ), 'nonce' => wp_create_nonce( 'safar_typed' ), 'notice' => Safar_Settings::get( 'notice' ) );
		wp_add_inline_script( 'safar-checkout', 'window.safarCheckout = ' . wp_json_encode( $told ) . ';', 'before' );
	}

	/** customer_id, visitor, cart and, of a customer, what the shop knows of them; empty where nobody is to be known. */
	private static function who( $begin = false ) {
		$who = array( 'customer_id' => get_current_user_id(), 'visitor' => self::visitor( $begin ), 'cart' => self::cart_number() );
		if ( ! array_filter( $who ) ) {
			return array();
		}
		if ( $who['customer_id'] ) {
			$who['billing'] = Safar_Bodies::billing( new WC_Customer( $who['customer_id'] ) );
		}
		return $who;
	}

	/** The number that the site's own script gave this visitor, else ours. A consent plugin may say no by the filter `safar_may_know`. */
	public static function visitor( $begin = false ) {
		if ( ! apply_filters( 'safar_may_know', true ) ) {
			return '';
		}
		foreach ( array( 'safar_anonymous_id', 'ajs_anonymous_id', self::COOKIE ) as $name ) {
			if ( ! empty( $_COOKIE[ $name ] ) ) {
				return substr( preg_replace( '/[^A-Za-z0-9_-]/', '', (string) wp_unslash( $_COOKIE[ $name ] ) ), 0, 64 );
			}
		}
		if ( ! $begin || headers_sent() ) {
			return '';
		}
		$made                     = wp_generate_uuid4();
		$_COOKIE[ self::COOKIE ] = $made;
		setcookie( self::COOKIE, $made, array( 'expires' => time() + self::YEAR, 'path' => '/', 'secure' => is_ssl(), 'httponly' => true, 'samesite' => 'Lax' ) );
		return $made;
	}

	/** A hash: WooCommerce's number of a session opens the session. */
	public static function cart_number() {
		$session = function_exists( 'WC' ) ? WC()->session : null;
		$number  = $session ? (string) $session->get_customer_id() : '';
		return '' === $number ? '' : substr( hash_hmac( 'sha256', $number, wp_salt() ), 0, 32 );
	}

	private static function is_machine() {
		$agent = isset( $_SERVER['HTTP_USER_AGENT'] ) ? (string) wp_unslash( $_SERVER['HTTP_USER_AGENT'] ) : '';
		return '' === $agent || 1 === preg_match( '/bot|crawl|spider|preview|monitor|curl|wget|python|headless/i', $agent );
	}
}
