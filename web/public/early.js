// Before the first paint: the theme, so that nothing flashes, and the page's first question to the server, so that the
// answer is there as soon as the scripts are (src/api/client.ts takes it).
(function () {
  var wanted = 'system';
  try { wanted = localStorage.getItem('theme') || 'system'; } catch (e) { /* private mode: follow the system */ }
  var light = wanted === 'light' || (wanted === 'system' && matchMedia('(prefers-color-scheme: light)').matches);
  document.documentElement.dataset.theme = light ? 'light' : 'dark';

  var project = /^\/projects\/([^/]+)\/(film\/)?$/.exec(location.pathname);
  var path = project ? '/api/mv/projects/' + project[1] : location.pathname === '/' ? '/api/mv/projects?limit=24' : null;
  if (!path) return;
  window.early = { url: location.origin + path, reply: fetch(path) };
  window.early.reply.catch(function () { /* said by who asks again */ });
})();
