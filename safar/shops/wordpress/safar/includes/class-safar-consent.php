<?php
/**
 * The boxes at the checkout, classic and block: whether e-mails and text messages are welcome. Never ticked beforehand; the words are kept with the order.
 */

defined( 'ABSPATH' ) || exit;

class Safar_Consent {
	const CHANNELS = array( 'email', 'sms' );

	/** Called once a request. */
	public static function begin() {
		add_action( 'woocommerce_review_order_before_submit', array( __CLASS__, 'boxes' ) );
		add_action( 'woocommerce_checkout_create_order', array( __CLASS__, 'keep' ), 20 );
		add_action( 'woocommerce_init', array( __CLASS__, 'block_boxes' ) );
		add_action( 'woocommerce_store_api_checkout_update_order_from_request', array( __CLASS__, 'keep_words' ), 20 );
	}

	/** What is asked, in the shop's words or ours. */
	public static function words( $channel ) {
		$own = Safar_Settings::get( "text_$channel" );
		if ( '' !== $own ) {
			return $own;
		}
		return 'sms' === $channel
			? __( 'Send me news and offers by text message. I can stop it at any time.', 'safar' )
			: __( 'Send me news and offers by e-mail. I can stop it at any time.', 'safar' );
	}

	private static function asked() {
		return array_filter(
			self::CHANNELS,
			static function ( $channel ) {
				return '1' === Safar_Settings::get( "ask_$channel" );
			}
		);
	}

	public static function boxes() {
		foreach ( self::asked() as $channel ) {
			woocommerce_form_field( "safar_$channel", array( 'type' => 'checkbox', 'label' => self::words( $channel ), 'required' => false ), 0 );
		}
	}

	/** WooCommerce has checked its own nonce by then. */
	public static function keep( $order ) {
		$ticked = array();
		foreach ( self::asked() as $channel ) {
			if ( ! empty( $_POST[ "safar_$channel" ] ) ) { // phpcs:ignore WordPress.Security.NonceVerification
				$ticked[] = $channel;
			}
		}
		if ( $ticked ) {
			$order->update_meta_data( '_safar_consent', implode( ',', $ticked ) );
			$order->update_meta_data( '_safar_consent_text', implode( ' | ', array_map( array( __CLASS__, 'words' ), $ticked ) ) );
		}
	}

	/** From WooCommerce 8.9 on; the order then has the values as _wc_other/safar/email. */
	public static function block_boxes() {
		if ( ! function_exists( 'woocommerce_register_additional_checkout_field' ) ) {
			return;
		}
		foreach ( self::asked() as $channel ) {
			woocommerce_register_additional_checkout_field( array( 'id' => "safar/$channel", 'label' => self::words( $channel ), 'location' => 'order', 'type' => 'checkbox', 'required' => false ) );
		}
	}

	public static function keep_words( $order ) {
		$asked = self::asked();
		if ( $asked ) {
			$order->update_meta_data( '_safar_consent_text', implode( ' | ', array_map( array( __CLASS__, 'words' ), $asked ) ) );
		}
	}
}
