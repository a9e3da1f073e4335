<?php
/**
 * The plugin is deleted: nothing of it stays but what orders say of their customers' consent, which is the shop's own record.
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

global $wpdb;
$wpdb->query( 'DROP TABLE IF EXISTS ' . $wpdb->prefix . 'safar_queue' ); // phpcs:ignore WordPress.DB
foreach ( array( 'safar_settings', 'safar_queue_version', 'safar_fault' ) as $safar_option ) {
	delete_option( $safar_option );
}
delete_transient( 'safar_quiet' );
delete_transient( 'safar_tested' );
wp_clear_scheduled_hook( 'safar_send' );
