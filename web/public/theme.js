// Before the first paint, so that nothing flashes.
(function () {
  var wanted = 'system';
  try { wanted = localStorage.getItem('theme') || 'system'; } catch (e) { /* private mode: follow the system */ }
  var light = wanted === 'light' || (wanted === 'system' && matchMedia('(prefers-color-scheme: light)').matches);
  document.documentElement.dataset.theme = light ? 'light' : 'dark';
})();
