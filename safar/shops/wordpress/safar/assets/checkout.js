/* What stands in the contact fields of the checkout, told once each time it changes and is left. Classic and block checkout. */
(function () {
	'use strict';
	var told = window.safarCheckout, last = '';
	if (!told || !window.fetch) { return; }
	var fields = {
		email: ['billing_email', 'email'],
		phone: ['billing_phone', 'billing-phone', 'shipping-phone', 'phone'],
		first_name: ['billing_first_name', 'billing-first_name', 'shipping-first_name'],
		last_name: ['billing_last_name', 'billing-last_name', 'shipping-last_name'],
		country: ['billing_country', 'billing-country', 'shipping-country']
	};
	function find(name) {
		for (var i = 0; i < fields[name].length; i++) {
			var found = document.getElementById(fields[name][i]);
			if (found && found.value) { return found.value.trim(); }
		}
		return '';
	}
	function tell() {
		var said = {};
		Object.keys(fields).forEach(function (name) { said[name] = find(name); });
		var body = JSON.stringify(said);
		if (body === last || (said.email.indexOf('@') < 1 && said.phone.length < 8)) { return; }
		last = body;
		fetch(told.to, { method: 'POST', credentials: 'same-origin', keepalive: true, headers: { 'Content-Type': 'application/json', 'X-Safar-Nonce': told.nonce }, body: body }).catch(function () { last = ''; });
	}
	function notice() {
		if (!told.notice || document.getElementById('safar-notice')) { return; }
		var field = document.getElementById('billing_email') || document.getElementById('email') || document.getElementById('billing_phone');
		if (!field || !field.parentNode) { return; }
		var line = document.createElement('p');
		line.id = 'safar-notice';
		line.textContent = told.notice;
		(field.closest('.form-row, .wc-block-components-text-input') || field).insertAdjacentElement('afterend', line);
	}
	document.addEventListener('focusout', function (event) {
		if (event.target && event.target.id) { notice(); tell(); }
	});
	document.addEventListener('DOMContentLoaded', notice);
})();
