/* The site's own script of Safar keeps its visitor in local storage; WordPress sees cookies. So that both speak of one visitor. */
(function () {
	'use strict';
	try {
		var who = JSON.parse(localStorage.getItem('safar.who') || 'null');
		if (who && /^[A-Za-z0-9_-]{1,64}$/.test(who.anonymousId)) {
			document.cookie = 'safar_anonymous_id=' + who.anonymousId + ';path=/;max-age=31536000;samesite=lax' + (location.protocol === 'https:' ? ';secure' : '');
		}
	} catch (refused) { /* a browser that keeps nothing */ }
})();
