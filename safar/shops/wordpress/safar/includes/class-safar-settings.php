<?php
/**
 * The page WooCommerce → Safar: where to send to, what to ask at the checkout, a test of the connection, how the queue is doing.
 */

defined( 'ABSPATH' ) || exit;

class Safar_Settings {
	const OPTION = 'safar_settings';

	/** Called once a request. */
	public static function begin() {
		add_action( 'admin_menu', array( __CLASS__, 'menu' ) );
		add_action( 'admin_init', array( __CLASS__, 'register' ) );
		add_action( 'admin_post_safar_test', array( __CLASS__, 'test' ) );
	}

	/** One setting: as the shop set it, else as the ZIP came, else empty. */
	public static function get( $name ) {
		$kept = get_option( self::OPTION, array() );
		if ( is_array( $kept ) && isset( $kept[ $name ] ) && '' !== $kept[ $name ] ) {
			return $kept[ $name ];
		}
		$filled = array(
			'address' => defined( 'SAFAR_ADDRESS' ) ? SAFAR_ADDRESS : '',
			'secret'  => defined( 'SAFAR_SECRET' ) ? SAFAR_SECRET : '',
			'typed'   => is_array( $kept ) && array() !== $kept ? '' : '1',
		);
		return isset( $filled[ $name ] ) ? $filled[ $name ] : '';
	}

	public static function menu() {
		add_submenu_page( 'woocommerce', 'Safar', 'Safar', 'manage_woocommerce', 'safar', array( __CLASS__, 'page' ) );
	}

	public static function register() {
		register_setting( 'safar', self::OPTION, array( 'type' => 'array', 'sanitize_callback' => array( __CLASS__, 'clean' ) ) );
	}

	/** What somebody typed, made safe. A secret that is left empty stays. */
	public static function clean( $given ) {
		$given = is_array( $given ) ? $given : array();
		$kept  = get_option( self::OPTION, array() );
		$clean = array( 'address' => esc_url_raw( isset( $given['address'] ) ? trim( $given['address'] ) : '', array( 'https', 'http' ) ) );
		foreach ( array( 'typed', 'ask_email', 'ask_sms' ) as $name ) {
			$clean[ $name ] = empty( $given[ $name ] ) ? '' : '1';
		}
		foreach ( array( 'text_email', 'text_sms', 'notice' ) as $name ) {
			$clean[ $name ] = isset( $given[ $name ] ) ? sanitize_text_field( $given[ $name ] ) : '';
		}
		$secret          = isset( $given['secret'] ) ? trim( (string) $given['secret'] ) : '';
		$clean['secret'] = '' !== $secret ? $secret : ( is_array( $kept ) && isset( $kept['secret'] ) ? $kept['secret'] : '' );
		return $clean;
	}

	/** The button "Test the connection": sends one delivery that means nothing, and says what the answer was. */
	public static function test() {
		if ( ! current_user_can( 'manage_woocommerce' ) ) {
			wp_die( '', '', array( 'response' => 403 ) );
		}
		check_admin_referer( 'safar_test' );
		list( $status, $said ) = Safar_Queue::post( array( array( 'id' => wp_generate_uuid4(), 'topic' => 'safar.test', 'at' => gmdate( 'Y-m-d\TH:i:s\Z' ), 'body' => new stdClass() ) ), 15 );
		set_transient( 'safar_tested', array( $status, $said ), 60 );
		wp_safe_redirect( admin_url( 'admin.php?page=safar' ) );
		exit;
	}

	/** What an answer means, for whoever looks after the shop. */
	public static function in_words( $status, $said ) {
		if ( 200 === $status ) {
			return __( 'The connection works: Safar took the test.', 'safar' );
		}
		if ( 401 === $status ) {
			return __( 'Safar is there, but the secret is another one. Copy it anew, or download the plugin once more.', 'safar' );
		}
		if ( 404 === $status || 410 === $status ) {
			return __( 'There is no shop at this address. Copy the address from Settings → Shops in Safar.', 'safar' );
		}
		/* translators: %s: what went wrong, in English. */
		return sprintf( __( 'Safar cannot be reached: %s', 'safar' ), $said );
	}

	public static function page() {
		$tested = get_transient( 'safar_tested' );
		delete_transient( 'safar_tested' );
		$state = Safar_Queue::state();
		$cron  = add_query_arg( 'safar_cron', Safar_Queue::cron_key(), home_url( '/' ) );
		?>
		<div class="wrap"><h1>Safar</h1>
		<?php if ( is_array( $tested ) ) : ?>
			<div class="notice notice-<?php echo 200 === $tested[0] ? 'success' : 'error'; ?>"><p><?php echo esc_html( self::in_words( $tested[0], $tested[1] ) ); ?></p></div>
		<?php endif; ?>
		<form method="post" action="options.php"><?php settings_fields( 'safar' ); ?>
		<table class="form-table" role="presentation">
		<?php
		self::row( 'address', __( 'Address in Safar', 'safar' ), 'url', __( 'From Settings → Shops.', 'safar' ) );
		self::row( 'secret', __( 'Secret', 'safar' ), 'password', __( 'Leave it empty to keep it.', 'safar' ) );
		self::row( 'typed', __( 'Tell of carts with the e-mail and phone typed at the checkout', 'safar' ), 'checkbox', __( 'Before the order is placed, so that a cart that is left can be answered.', 'safar' ) );
		self::row( 'notice', __( 'What the checkout says about it', 'safar' ), 'text', __( 'Shown under the contact fields. Say what you do with what is typed, as your law asks for.', 'safar' ) );
		self::row( 'ask_email', __( 'Ask whether e-mails are welcome', 'safar' ), 'checkbox', '' );
		self::row( 'text_email', __( 'In these words', 'safar' ), 'text', Safar_Consent::words( 'email' ) );
		self::row( 'ask_sms', __( 'Ask whether text messages are welcome', 'safar' ), 'checkbox', '' );
		self::row( 'text_sms', __( 'In these words', 'safar' ), 'text', Safar_Consent::words( 'sms' ) );
		?>
		</table><?php submit_button(); ?></form>
		<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>"><input type="hidden" name="action" value="safar_test"><?php wp_nonce_field( 'safar_test' ); ?><?php submit_button( __( 'Test the connection', 'safar' ), 'secondary' ); ?></form>
		<h2><?php esc_html_e( 'What waits', 'safar' ); ?></h2>
		<p><?php /* translators: 1: how many wait, 2: how many were set aside. */ echo esc_html( sprintf( __( '%1$d to be sent, %2$d set aside because Safar could not read them.', 'safar' ), $state['waiting'], $state['aside'] ) ); ?> <?php echo esc_html( $state['fault'] ); ?></p>
		<p><?php esc_html_e( 'Where WP-Cron does not run, let your host call this address every minute:', 'safar' ); ?><br><code dir="ltr"><?php echo esc_html( $cron ); ?></code></p>
		</div>
		<?php
	}

	private static function row( $name, $label, $type, $help ) {
		$id    = 'safar-' . $name;
		$field = self::OPTION . '[' . $name . ']';
		$value = 'secret' === $name ? '' : self::get( $name );
		echo '<tr><th scope="row"><label for="' . esc_attr( $id ) . '">' . esc_html( $label ) . '</label></th><td>';
		if ( 'checkbox' === $type ) {
			echo '<input type="checkbox" value="1" id="' . esc_attr( $id ) . '" name="' . esc_attr( $field ) . '" ' . checked( '1', $value, false ) . '>';
		} else {
			echo '<input class="regular-text" type="' . esc_attr( $type ) . '" autocomplete="off" id="' . esc_attr( $id ) . '" name="' . esc_attr( $field ) . '" value="' . esc_attr( $value ) . '">';
		}
		echo $help ? '<p class="description">' . esc_html( $help ) . '</p></td></tr>' : '</td></tr>';
	}
}
