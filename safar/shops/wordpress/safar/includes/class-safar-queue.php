<?php
/**
 * What is to be told to Safar: put into a table of its own, sent at the end of the request and by cron, tried again until it is taken.
 *
 * A delivery keeps its number through all tries, so that Safar takes it once however often it comes.
 */

defined( 'ABSPATH' ) || exit;

class Safar_Queue {
	const VERSION  = '1';
	const MOST     = 50;      // deliveries of one request
	const LONGEST  = 21600;   // seconds between two tries
	const KEPT     = 1209600; // seconds that a delivery is tried: two weeks
	const IN_TIME  = 3;       // seconds that the end of a visitor's request may take
	const QUIET    = 60;      // seconds without sending at the end of requests once Safar was away

	private static $added = false;

	/** Called once a request. */
	public static function begin() {
		if ( self::VERSION !== get_option( 'safar_queue_version' ) ) {
			self::install();
		}
		add_filter( 'cron_schedules', array( __CLASS__, 'schedules' ) );
		add_action( 'safar_send', array( __CLASS__, 'send' ) );
		add_action( 'init', array( __CLASS__, 'by_address' ), 99 );
		add_action( 'shutdown', array( __CLASS__, 'at_the_end' ), 100 );
	}

	public static function install() {
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta(
			'CREATE TABLE ' . self::table() . " (
			id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
			number varchar(40) NOT NULL,
			topic varchar(40) NOT NULL,
			at datetime NOT NULL,
			body longtext NOT NULL,
			tries int(10) unsigned NOT NULL DEFAULT 0,
			due datetime NOT NULL,
			aside tinyint(1) NOT NULL DEFAULT 0,
			PRIMARY KEY  (id),
			KEY due (aside,due)
			) " . $wpdb->get_charset_collate()
		);
		update_option( 'safar_queue_version', self::VERSION );
		if ( ! wp_next_scheduled( 'safar_send' ) ) {
			wp_schedule_event( time() + 60, 'safar_minute', 'safar_send' );
		}
	}

	/** The plugin is switched off: what waits stays. */
	public static function rest() {
		wp_clear_scheduled_hook( 'safar_send' );
	}

	public static function schedules( $known ) {
		$known['safar_minute'] = array( 'interval' => 60, 'display' => __( 'Every minute', 'safar' ) );
		return $known;
	}

	/** Something to tell. at: a Unix time; body: what is told, as arrays. */
	public static function add( $topic, array $body, $at = 0 ) {
		global $wpdb;
		if ( '' === Safar_Settings::get( 'address' ) ) {
			return;
		}
		$now  = gmdate( 'Y-m-d H:i:s' );
		$json = wp_json_encode( $body );
		if ( false === $json ) {
			return;
		}
		$wpdb->insert(
			self::table(),
			array(
				'number' => wp_generate_uuid4(),
				'topic'  => $topic,
				'at'     => $at ? gmdate( 'Y-m-d H:i:s', $at ) : $now,
				'body'   => $json,
				'due'    => $now,
			)
		);
		self::$added = true;
	}

	/** The visitor's page is out already where the server can say so; else it waits a moment, and not again while Safar is away. */
	public static function at_the_end() {
		if ( ! self::$added || get_transient( 'safar_quiet' ) ) {
			return;
		}
		if ( function_exists( 'fastcgi_finish_request' ) ) {
			fastcgi_finish_request();
		} elseif ( function_exists( 'litespeed_finish_request' ) ) {
			litespeed_finish_request();
		}
		if ( ! self::send( self::MOST, self::IN_TIME ) ) {
			set_transient( 'safar_quiet', '1', self::QUIET );
		}
	}

	/** Where WP-Cron does not run: the host calls /?safar_cron=… by its own cron. */
	public static function by_address() {
		$key = isset( $_GET['safar_cron'] ) ? (string) wp_unslash( $_GET['safar_cron'] ) : ''; // phpcs:ignore WordPress.Security.NonceVerification
		if ( '' === $key || ! hash_equals( self::cron_key(), $key ) ) {
			return;
		}
		nocache_headers();
		for ( $round = 0; $round < 10 && self::send() && self::state()['waiting'] > 0; $round++ ) {
			continue;
		}
		wp_die( esc_html( (string) self::state()['waiting'] ), '', array( 'response' => 200 ) );
	}

	public static function cron_key() {
		return substr( hash_hmac( 'sha256', 'safar-cron', wp_salt() ), 0, 32 );
	}

	/** Send what is due; one process at a time. False where Safar could not be reached. */
	public static function send( $most = self::MOST, $seconds = 20 ) {
		global $wpdb;
		$most = (int) $most > 0 ? (int) $most : self::MOST;
		if ( '1' !== (string) $wpdb->get_var( $wpdb->prepare( 'SELECT GET_LOCK(%s, 0)', self::table() ) ) ) {
			return true;
		}
		$rows = $wpdb->get_results( $wpdb->prepare( 'SELECT * FROM ' . self::table() . ' WHERE aside = 0 AND due <= %s ORDER BY id LIMIT %d', gmdate( 'Y-m-d H:i:s' ), $most ) ); // phpcs:ignore WordPress.DB.PreparedSQL
		$reached = true;
		if ( $rows ) {
			$reached = self::hand_over( $rows, $seconds );
		}
		$wpdb->query( $wpdb->prepare( 'SELECT RELEASE_LOCK(%s)', self::table() ) );
		return $reached;
	}

	/** What Safar cannot read is tried alone and set aside, so that it holds up none of the others. */
	private static function hand_over( array $rows, $seconds ) {
		list( $status, $said ) = self::post( array_map( array( __CLASS__, 'delivery' ), $rows ), $seconds );
		if ( 200 === $status ) {
			self::drop( $rows );
			update_option( 'safar_fault', '', false );
			return true;
		}
		if ( 400 === $status || 413 === $status ) {
			if ( 1 === count( $rows ) ) {
				self::set( $rows[0]->id, array( 'aside' => 1 ) );
				update_option( 'safar_fault', $said, false );
				return true;
			}
			$half = (int) ( count( $rows ) / 2 );
			return self::hand_over( array_slice( $rows, 0, $half ), $seconds ) && self::hand_over( array_slice( $rows, $half ), $seconds );
		}
		update_option( 'safar_fault', $said, false );
		foreach ( $rows as $row ) {
			$wait = min( self::LONGEST, 60 * pow( 2, min( 12, (int) $row->tries ) ) );
			if ( strtotime( $row->at . ' UTC' ) < time() - self::KEPT ) {
				self::set( $row->id, array( 'aside' => 1 ) );
			} else {
				self::set( $row->id, array( 'tries' => $row->tries + 1, 'due' => gmdate( 'Y-m-d H:i:s', time() + $wait ) ) );
			}
		}
		return false;
	}

	private static function delivery( $row ) {
		return array(
			'id'    => $row->number,
			'topic' => $row->topic,
			'at'    => str_replace( ' ', 'T', $row->at ) . 'Z',
			'body'  => json_decode( $row->body, true ),
		);
	}

	/** One request: (status, what was said); status 0 where there was no answer. */
	public static function post( array $deliveries, $seconds ) {
		$address = Safar_Settings::get( 'address' );
		$secret  = Safar_Settings::get( 'secret' );
		if ( '' === $address || '' === $secret ) {
			return array( 0, __( 'Address or secret is missing.', 'safar' ) );
		}
		$body   = wp_json_encode( array( 'deliveries' => $deliveries ) );
		$answer = wp_remote_post(
			$address,
			array(
				'timeout' => $seconds,
				'body'    => $body,
				'headers' => array(
					'Content-Type'           => 'application/json',
					'X-WC-Webhook-Topic'     => 'safar.deliveries',
					'X-WC-Webhook-Signature' => base64_encode( hash_hmac( 'sha256', $body, $secret, true ) ),
				),
			)
		);
		if ( is_wp_error( $answer ) ) {
			return array( 0, $answer->get_error_message() );
		}
		return array( (int) wp_remote_retrieve_response_code( $answer ), substr( (string) wp_remote_retrieve_body( $answer ), 0, 500 ) );
	}

	/** For the page of settings. */
	public static function state() {
		global $wpdb;
		$rows = $wpdb->get_results( 'SELECT aside, COUNT(*) AS n FROM ' . self::table() . ' GROUP BY aside' ); // phpcs:ignore WordPress.DB.PreparedSQL
		$by   = array( 0 => 0, 1 => 0 );
		foreach ( (array) $rows as $row ) {
			$by[ (int) $row->aside ] = (int) $row->n;
		}
		return array( 'waiting' => $by[0], 'aside' => $by[1], 'fault' => (string) get_option( 'safar_fault', '' ) );
	}

	private static function drop( array $rows ) {
		global $wpdb;
		$ids = implode( ',', array_map( static function ( $row ) { return (int) $row->id; }, $rows ) );
		$wpdb->query( 'DELETE FROM ' . self::table() . " WHERE id IN ($ids)" ); // phpcs:ignore WordPress.DB.PreparedSQL
	}

	private static function set( $id, array $values ) {
		global $wpdb;
		$wpdb->update( self::table(), $values, array( 'id' => (int) $id ) );
	}

	public static function table() {
		global $wpdb;
		return $wpdb->prefix . 'safar_queue';
	}
}
