<?php
/**
 * Plugin Name: Safar for WooCommerce
 * Description: Tells Safar of orders, carts, checkouts, customers and products, so that journeys can answer them.
 * Version: 1.0.0
 * Requires at least: 6.5
 * Requires PHP: 7.4
 * Requires Plugins: woocommerce
 * WC requires at least: 7.1
 * Text Domain: safar
 * Domain Path: /languages
 * License: GPL-2.0-or-later
 * License URI: https://www.gnu.org/licenses/gpl-2.0.html
 */

defined( 'ABSPATH' ) || exit;

define( 'SAFAR_PLUGIN_FILE', __FILE__ );

// What Safar wrote in when it made the ZIP: where to send to, and what to sign with. A shop's own settings stand above it.
if ( is_readable( __DIR__ . '/safar-config.php' ) ) {
	require_once __DIR__ . '/safar-config.php';
}
require_once __DIR__ . '/includes/class-safar-settings.php';
require_once __DIR__ . '/includes/class-safar-queue.php';
require_once __DIR__ . '/includes/class-safar-bodies.php';
require_once __DIR__ . '/includes/class-safar-watch.php';
require_once __DIR__ . '/includes/class-safar-consent.php';

register_activation_hook( __FILE__, array( 'Safar_Queue', 'install' ) );
register_deactivation_hook( __FILE__, array( 'Safar_Queue', 'rest' ) );

add_action(
	'before_woocommerce_init',
	static function () {
		$features = '\Automattic\WooCommerce\Utilities\FeaturesUtil';
		if ( class_exists( $features ) ) {
			$features::declare_compatibility( 'custom_order_tables', __FILE__, true );
			$features::declare_compatibility( 'cart_checkout_blocks', __FILE__, true );
		}
	}
);

add_action(
	'plugins_loaded',
	static function () {
		load_plugin_textdomain( 'safar', false, dirname( plugin_basename( __FILE__ ) ) . '/languages' );
		if ( ! class_exists( 'WooCommerce' ) ) {
			return;
		}
		Safar_Queue::begin();
		Safar_Settings::begin();
		Safar_Watch::begin();
		Safar_Consent::begin();
	}
);
