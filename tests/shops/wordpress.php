<?php
/**
 * As much of WordPress and WooCommerce as the plugin calls, with Sara's visit: she looks at a mug, puts two into her cart, types her number, orders and pays.
 * Prints what the plugin would send, a request a line. Not WordPress itself.
 */
define( 'ABSPATH', __DIR__ . '/' );
define( 'SAFAR_ADDRESS', 'https://safar.example/shops/token' );
define( 'SAFAR_SECRET', $argv[2] );
$GLOBALS['hooks'] = $GLOBALS['options'] = $GLOBALS['sent'] = $GLOBALS['answers'] = array();
$_SERVER['HTTP_USER_AGENT'] = 'Mozilla/5.0';

function add_action( $hook, $call, $order = 10 ) { $GLOBALS['hooks'][ $hook ][ $order ][] = $call; ksort( $GLOBALS['hooks'][ $hook ] ); }
function add_filter( $hook, $call ) { add_action( $hook, $call ); }
function do_action( $hook, ...$given ) { foreach ( $GLOBALS['hooks'][ $hook ] ?? array() as $calls ) { foreach ( $calls as $call ) { $call( ...$given ); } } }
function apply_filters( $hook, $value ) { return $value; }
function register_activation_hook() {}
function register_deactivation_hook( $file, $call ) {}
function load_plugin_textdomain() {}
function plugin_basename( $file ) { return 'safar/safar.php'; }
function get_option( $name, $else = false ) { return $GLOBALS['options'][ $name ] ?? $else; }
function update_option( $name, $value ) { $GLOBALS['options'][ $name ] = $value; }
function get_transient( $name ) { return $GLOBALS['options'][ "t_$name" ] ?? false; }
function set_transient( $name, $value ) { $GLOBALS['options'][ "t_$name" ] = $value; }
function wp_next_scheduled() { return true; }
function wp_generate_uuid4() { static $n = 0; return sprintf( '00000000-0000-4000-8000-%012d', ++$n ); }
function wp_json_encode( $value ) { return json_encode( $value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES ); }
function wp_salt() { return 'salt'; }
function wp_unslash( $value ) { return $value; }
function __( $text ) { return $text; }
function is_wp_error( $answer ) { return false; }
function wp_remote_post( $url, $asked ) { $GLOBALS['sent'][] = array( 'url' => $url ) + $asked; return array_shift( $GLOBALS['answers'] ) ?? array( 'code' => 200, 'body' => '{}' ); }
function wp_remote_retrieve_response_code( $answer ) { return $answer['code']; }
function wp_remote_retrieve_body( $answer ) { return $answer['body']; }
function sanitize_text_field( $text ) { return trim( $text ); }
function is_email( $text ) { return false !== strpos( $text, '@' ); }
function is_ssl() { return true; }
function get_current_user_id() { return 0; }
function is_product() { return true; }
function get_queried_object_id() { return 93; }
function get_the_terms() { return array( (object) array( 'name' => 'لیوان' ) ); }
function wp_get_attachment_image_url() { return 'https://livan.example/blue.png'; }
function get_woocommerce_currency() { return 'IRT'; }
function wc_get_cart_url() { return 'https://livan.example/cart/'; }
function wc_get_checkout_url() { return 'https://livan.example/checkout/'; }
function wc_get_price_decimals() { return 0; }
function wc_format_decimal( $value ) { return (string) round( $value ); }
function wc_get_product() { return Thing::mug(); }
function wc_get_order() { return $GLOBALS['order']; }
function wc_load_cart() {}
function WC() { return $GLOBALS['wc']; }

class WooCommerce {}
/** Answers every get_… with what it was given. */
class Thing {
	private $has;
	public function __construct( array $has ) { $this->has = $has; }
	public function __call( $name, $given ) {
		$key = preg_replace( '/^get_/', '', $name );
		if ( 'meta' === $key ) { return $this->has['meta'][ $given[0] ] ?? ''; }
		if ( 'update_meta_data' === $key ) { $this->has['meta'][ $given[0] ] = $given[1]; return null; }
		return $this->has[ $key ] ?? '';
	}
	public static function mug() { return new Thing( array( 'id' => 93, 'name' => 'لیوان آبی', 'sku' => 'M-1', 'price' => '240000', 'regular_price' => '300000', 'permalink' => 'https://livan.example/product/blue/', 'status' => 'publish', 'managing_stock' => true, 'stock_quantity' => 4, 'stock_status' => 'instock' ) ); }
}
/** A table in memory: as many statements as the queue has. */
class Table {
	public $prefix = 'wp_';
	public $rows = array();
	public function get_charset_collate() { return ''; }
	public function insert( $table, $row ) { $this->rows[ count( $this->rows ) + 1 ] = (object) ( $row + array( 'id' => count( $this->rows ) + 1, 'tries' => 0, 'aside' => 0 ) ); }
	public function prepare( $sql ) { return $sql; }
	public function get_var() { return '1'; }
	public function query( $sql ) { if ( preg_match( '/IN \((.*)\)/', $sql, $found ) ) { foreach ( explode( ',', $found[1] ) as $id ) { $this->rows[ (int) $id ] = null; } } }
	public function get_results( $sql ) { return false === strpos( $sql, 'GROUP' ) ? array_values( array_filter( $this->rows, static function ( $row ) { return $row && ! $row->aside; } ) ) : array(); }
	public function update( $table, $values, $where ) { foreach ( $values as $name => $value ) { $this->rows[ $where['id'] ]->$name = $value; } }
}

$wpdb = new Table();
$GLOBALS['options']['safar_queue_version'] = '1';
require $argv[1] . '/safar.php';
do_action( 'plugins_loaded' );

$line = array( 'data' => Thing::mug(), 'product_id' => 93, 'variation_id' => 0, 'quantity' => 2 );
$wc   = (object) array( 'session' => new Thing( array( 'customer_id' => 't_session' ) ), 'cart' => new Thing( array( 'cart' => array( $line ), 'cart_contents_total' => 480000, 'cart_contents_tax' => 0 ) ) );
function finish() { do_action( 'shutdown' ); }

ob_start(); // so that headers are not sent yet
do_action( 'template_redirect' );
finish();
do_action( 'woocommerce_add_to_cart' );
finish();
class Typed extends Thing { public function get_param( $name ) { return array( 'phone' => '۰۹۱۲۱۲۳۴۵۶۷', 'first_name' => 'سارا', 'country' => 'IR' )[ $name ] ?? ''; } }
Safar_Watch::typed( new Typed( array() ) );
$GLOBALS['answers'] = array( array( 'code' => 503, 'body' => 'away' ) );
finish(); // Safar is away: it stays in the queue
unset( $GLOBALS['options']['t_safar_quiet'] );

$item  = new Thing( array( 'product' => Thing::mug(), 'quantity' => 2, 'product_id' => 93, 'variation_id' => 0, 'name' => 'لیوان آبی', 'subtotal' => '480000', 'total' => '480000' ) );
$paid  = new class() { public function getTimestamp() { return time(); } };
$order = new Thing( array( 'id' => 727, 'type' => 'shop_order', 'order_number' => '727', 'order_key' => 'wc_order_1', 'status' => 'processing', 'currency' => 'IRT', 'date_created' => $paid, 'date_modified' => $paid, 'date_paid' => $paid, 'total' => '530000', 'total_tax' => '0', 'shipping_total' => '50000', 'discount_total' => '0', 'customer_id' => 0, 'billing_phone' => '۰۹۱۲۱۲۳۴۵۶۷', 'billing_country' => 'IR', 'billing_first_name' => 'سارا', 'payment_method' => 'WC_ZPal', 'checkout_payment_url' => 'https://livan.example/pay/', 'items' => array( $item ), 'coupon_codes' => array(), 'refunds' => array() ) );
$GLOBALS['options']['safar_settings'] = array( 'ask_sms' => '1' );
$_POST['safar_sms'] = '1';
do_action( 'woocommerce_checkout_create_order', $order );
do_action( 'woocommerce_order_status_changed', 727 );
do_action( 'woocommerce_update_product', 93 );
finish();
ob_end_clean();
foreach ( $GLOBALS['sent'] as $request ) { echo wp_json_encode( $request ) . "\n"; }
